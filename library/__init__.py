"""The map of the library, in the order in which to read it.

A request goes `urls` → `views` → `search` or `pages` → `models` → template, one way. `tests/ladder.py` holds
the order; its lowest rung has what knows no model, which anyone may use.

urls                what is at which address
middleware          what happens to every request: the page cache, limits, the admin's session, a lost database
views               the public pages, one module for each group of addresses
search              the public list: the query string, its resources, their order, and what each filter would leave
pages               what a page shows: cards, one resource, packs, JSON-LD, sitemaps, Markdown, QR codes
identity            who this site says it is: its name, operator, logo, color and time zone
help_lines          help lines as cards, their hours, their offline copy, and approval by a second person
feedback            what readers send: the forms, and how much of it is taken
usage               what is counted of visits, without a reader in it
models              the tables, and the questions that can be asked of them
db                  PostgreSQL's side of it: functions and triggers (`sql/`), locks, time limits, what its errors mean
mail                email to curators: made, and handed to the mail server
media               pictures made anew, and uploads within bounds
templatetags        how templates show addresses and QR codes
context_processors  what every page shows
accounts            who may do what, and how curators sign in: leaves, but for three modules
history             what every row was before, who did what, and restoring it: a leaf, nothing public imports it
taxonomy            sections, categories, publishers and tags by name, and merged: a leaf
imports             resources from files, feeds and web pages: a leaf
exports             rows as files
links               what is asked of other sites: a leaf
admin               the curators' pages, a folder for each job: a leaf
server              what starts the site and keeps it going: web server, scheduler, bootstrap
maintenance         backups, restores, upgrades, the starting content, the weekly mail, link checks: a leaf
management          the commands: arguments in, a result out
migrations          the tables, and what runs the files of `db/sql/`
apps                the entry in Django's registry
"""
