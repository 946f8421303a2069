"""What starts the site and keeps it going: the web server, its scheduler, and everything that is made ready before."""
