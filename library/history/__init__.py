"""What every row that curators edit was before: kept with each change, told apart, brought back. A leaf.

Read `snapshot` (a row as it stands), `record` (what each writer calls), `diff`, then `restore`.
Whoever changes rows calls two functions of `record`, in the transaction of the change: `record_before` before it and
`record` after it.
"""
