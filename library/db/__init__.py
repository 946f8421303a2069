"""PostgreSQL's side of the library: its locks, its time limits and what its errors mean, each in one place."""
