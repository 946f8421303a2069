"""What `manage.py` can do for this site: arguments in, a result out; the work itself is done elsewhere."""
