"""What every row that curators edit was before: kept with each change, told apart, brought back. A leaf.

Read `snapshots` (a row as it stands), `keeping` (what each writer calls), `differences`, then `bringing_back`.
Whoever changes rows calls two functions of `keeping`, in the transaction of the change: `keep_first` before it and
`keep` after it. The rows of revisions and versions are django-reversion's.
"""
