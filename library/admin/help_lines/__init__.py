"""Help lines in the admin: what one person proposes and another approves."""
