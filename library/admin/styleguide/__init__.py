"""Every part that pages are made of, in every state."""
