"""Tools that the tests and benchmarks share: a web server, a browser, the evaluation of search results."""
