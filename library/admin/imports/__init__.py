"""Files and feeds in the admin: uploaded, looked at, taken over, taken back."""
