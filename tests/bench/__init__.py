"""The project's benchmark: `make bench N=100000` fills a library of its own and prints what its pages cost."""
