"""`svf suggest`: turns an issue into a change of a record."""
