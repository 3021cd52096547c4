"""The Jinja environment, the macros that pages call, and the Markdown extensions."""
