"""Resources from files and other sites: a leaf, which commands and the admin may use, and no public page.

Files, in reading order: `spreadsheet` and `readers` (a file to rows, no models), `rows` (a row to values), `placement`
(where an entry goes), `duplicate_urls` (which entries come to the address of another one), `bulk_sql` (the statements),
`report` (what became of each row), `importer` (the whole); and for the admin `uploads` (files that wait), `rollback`,
`worker` (whatever was asked for, apart from any request), and `supervisor` (each step in a process of its own).

Other sites: `markup` (bytes and HTML to plain words), `web_pages` (what a page says of itself), `feeds` with
`feed_process` (a podcast's episodes), all without models; then `episodes` (chosen ones become drafts).
"""
