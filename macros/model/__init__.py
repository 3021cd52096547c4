"""The types of records, and how records refer to each other."""
