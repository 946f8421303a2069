"""PostgreSQL's side of the library: its code (`sql/`, `sql_files`), connections and circuit breaker, locks, time
limits, and what its errors mean.
"""
