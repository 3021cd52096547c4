"""The printed guides: HTML to Typst to tagged PDF."""
