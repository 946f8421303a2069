"""PostgreSQL's side of the library: its locks and its time limits, each in one place."""
