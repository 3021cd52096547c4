"""Generated files that are not pages: PDFs, workbook, open data, the form at /edit/, redirects."""
