"""Builds the site: runs MkDocs, adds outputs, post-processes pages, writes the search index, publishes atomically."""
