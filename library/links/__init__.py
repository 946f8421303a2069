"""What is asked of other sites: a leaf, which the curators' admin may use, and no public page.

Read in this order: `faults` (what can go wrong), `addresses` (which addresses may be asked at all), `wire` (connections
to them), `cookies`, `client` (one page within bounds), `reading` (what a page says, in a few values), `walls` (signs
that a site turns machines away), `signals` (what one answer says of a link), `evidence` (what signals come to over
days), `robots` (what owners ask of machines), `sittings` (one host, one link after the other), `network` (whether our
own is at fault), `archive` (the Internet Archive's index), `saving` (which takes pages, too), `copies` (which
capture stands in for a lost page).
`library.maintenance.link_checks` does all of it, from the tables and back.
"""
