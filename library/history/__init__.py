"""What every row that curators edit was before: recorded with each change, compared, restored. A leaf.

Read `snapshot` (a row as it stands), `record` (what each writer calls), `diff`, then `restore`.
Whoever changes rows calls two functions of `record`, in the transaction of the change: `record_before` before it and
`record` after it, or before a deletion; `OpenAuditEntry` in batches, `record_event` for what has no versions.
"""
