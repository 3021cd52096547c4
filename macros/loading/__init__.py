"""Reading YAML and Markdown files as typed records and pages, with line numbers."""
