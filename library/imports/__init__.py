"""Resources from a file: a leaf, which a command and the curators' desk may use, and no public page.

Read in this order: `readers` (a file to rows, no models), `rows` (a row to values), `names` (what sections, categories,
publishers and tags are called), `placing` (where an entry goes), `writes` (the statements), `importer` (the whole).
"""
