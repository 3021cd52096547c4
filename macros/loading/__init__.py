"""Reads YAML and Markdown files into typed records and parsed pages, and keeps line numbers."""
