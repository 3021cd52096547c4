"""Tools for tests and benchmarks: a web server and a browser."""
