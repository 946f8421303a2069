"""What `manage.py` can do for this site: arguments in, a result out. Work of more than a few lines is done elsewhere.

A command that changes rows records it in the same transaction: `record_before`, the change, then `record` with
`by=None` (`library.history.record`); `library.server.scheduler` does so. Since history is a leaf, `tests/ladder.py`
lists such a command in `LEAVES`.
"""
