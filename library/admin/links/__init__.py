"""The desk's page of links about which there is something to decide, a host at a time."""
