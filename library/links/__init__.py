"""What is asked of other sites: a leaf, which the curators' admin may use, and no public page.

Read in this order: `causes` (what can go wrong), `addresses` (which addresses may be asked at all), `wire` (connections
to them), `cookies`, `client` (one page within bounds), `reading` (what a page says, in a few values), `walls` (signs
that a site turns machines away), `signals` (what one answer says of a link), `evidence` (what signals come to over
days).
"""
