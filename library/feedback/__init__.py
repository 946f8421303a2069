"""What readers send: the forms, and how much of it is taken."""
