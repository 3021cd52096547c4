"""Rules over all records and pages."""
