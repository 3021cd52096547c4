"""String handling that knows nothing of records."""
