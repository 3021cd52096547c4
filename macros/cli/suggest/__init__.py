"""`svf suggest`: turns a suggestion issue into a change of a record."""
