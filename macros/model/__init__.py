"""The classes of records, and the relations between records."""
