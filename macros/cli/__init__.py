"""The commands of `svf`, and their reports."""
