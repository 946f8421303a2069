"""What every row that curators edit was before: kept with each change, told apart, brought back. A leaf.

Read `snapshot` (a row as it stands), `record` (what each writer calls), `diff`, then `restore`.
Whoever changes rows calls two functions of `record`, in the transaction of the change: `keep_first` before it and
`keep` after it. The rows of revisions and versions are django-reversion's.
"""
