"""The map of the library, in the order in which to read it.

A request goes `urls` → `views` → `filters` → `models` → template, one way. `tests/test_structure.py` holds the order.

urls                what is at which address
kept_pages          pages that were made once, given again until something changes
middleware          what happens to every request: refusals, caching, the curators' session, a lost database
views               the public pages, one module for each noun
  views.library_page    the library page
  views.lists           a section's entries, and all resources
  views.resource_page   one resource
  views.pictures        the picture of a resource
  views.previews        one that is not published, for those who have a link
  views.sheets          what is printed and handed out: a resource, a section, the roll-call pack
  views.opened          an entry was opened: what browsers tell when a reader follows its link
  views.short_links     the permanent short links, and the list of all anchors
  views.texts           the help lines, and the site's own texts
  views.reports         the forms for readers: a problem, a suggestion
  views.errors          400, 403, 404, 410 and 500
  views.conventions     robots, security.txt, OpenSearch, favicon, health
filters             the query string as one object: its resources, its words, its addresses
filter_fields       how each value of a query string is understood
found               what a list found: how many, one page of it, its facets, the ways out of an empty one
answering           which resources answer words
ordering            in which order a list without words has its resources, a page at a time
facets              how many resources each value of each filter would leave
bits                which resources have which values: counted, and found
wording             what readers' words mean here: synonyms, words of a crisis, best bets, the library's own words
reader_forms        what readers may tell us: the forms, and what they refuse
taking_in           how much of it is taken, and that nobody is known by it
entries             a list of resources as a page shows it
resource_pages      the page of one resource, for readers and as a preview
packs               the roll-call pack as one object: what its address chooses, its running time, its addresses
counting            what is counted of visits, without a reader in it
help_at_hand        help lines as cards, in the strip and on paper, and their copy for a lost database
structured_data     the same facts for machines
exports             rows as files: CSV, XLSX, JSON Lines
sitemaps            every public page for search engines
models              what the library holds, and the questions that can be asked of it
  models.user, models.days, models.taxonomy, models.web_address, models.publisher, models.former_value, models.order,
  models.section, models.kind, models.former_slug, models.resource_rules, models.resource_queries, models.resource,
  models.picture_file, models.picture, models.preview_link, models.help_line_rules, models.help_line,
  models.help_line_change, models.page, models.reader_report, models.form_mark, models.attempt, models.file_import,
  models.feed_episode, models.entry_use, models.missed_word, models.starting_entry, models.merging,
  models.taken_names, models.wording, models.upkeep, models.deed
roles               who may do what: the four groups and their rights
second_person       a change of a help line, proposed by one person and approved by another
second_factor       whether somebody lacks the second step that their rights ask for
rebuilding          search words and counts made anew
starting_content    the rows of `fixtures/`, loaded once
picture_files       pictures that an earlier version kept as files, taken into the database
paging              pages and totals that never count without a bound
search              words to a text-search query
spelling            phrases recognised in spite of slips, and what a misspelled word was meant to be
opening_hours       hours of a week in a time zone, and whether now is one of them
columns             the columns of files of resources, and how a cell holds a value
db                  PostgreSQL's side of it
  db.locks, db.timeouts, db.circuit_breaker, db.pooling, db.statistics, db.errors
arrays              many values as one parameter of a statement
slugs               names in addresses that nobody has to think of
text                Markdown to safe HTML
pictures            a picture made anew: small, and without metadata
uploads             uploaded files that find no room on the disk, or come from nobody knows whom
refused             what the database refused, in the words of its rule
page_request        all that a public page may know of the request that asks for it
trusted_proxies     whose word counts about where a request came from
encryption          text under a key made from the site's secret key
log_line            what the server writes down of a request
drawings            the icon
qr_codes            an address as a QR code
context_processors  what every page shows
templatetags        how templates show an address
  templatetags.addresses, templatetags.rows
history             what every row was before, who did what, and bringing it back: a leaf, nothing above imports it
  history.snapshots, history.keeping, history.differences, history.bringing_back
bulk                one change of many resources at once: what it would do, and doing it; a leaf
filter_values       categories, tags, publishers: how many entries have them, and several made one; a leaf
admin               the curators' desk: a leaf, nothing above imports it
desk                what curators are told: what needs attention, and the weekly mail about it; a leaf
  desk.attention, desk.digest
sign_in             how curators sign in: a leaf, nothing above imports it
imports             resources from a file: a leaf, nothing above imports it
  imports.spreadsheet, imports.readers, imports.rows, imports.names, imports.placing, imports.same_address,
  imports.writes, imports.noting, imports.importer, imports.receiving, imports.undoing, imports.running,
  imports.supervisor, imports.markup, imports.pages, imports.feeds, imports.feed_process, imports.episodes
deploy_checks       what `manage.py check --deploy` looks at
maintenance         backups, restores, and what happens before an upgrade: a leaf, nothing above imports it
  maintenance.backup, maintenance.restore, maintenance.upgrade, maintenance.drill, maintenance.moving,
  maintenance.archive, maintenance.manifest, maintenance.fingerprint, maintenance.pages, maintenance.server,
  maintenance.errors, maintenance.sbom
links               what is asked of other sites: a leaf, nothing above imports it
  links.addresses, links.client
management          the commands: arguments in, a result out
  management.commands
migrations          the tables, and the triggers that keep published addresses
apps                the entry in Django's registry
"""
