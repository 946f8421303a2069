"""Who may do what, and how curators sign in: a password, then a second step, or a passkey alone.

Signing in is django-allauth's work, and a leaf: no public page imports it. Read `urls` (the few of its pages that
there are) with `views` and `passkeys`, our own pages in `passwords` (a forgotten one) and `details` (name and email),
then `adapters` (its texts, and what it counts of whom), `backend`, `forms`, `codes`, `attempts`, `devices`,
`trusted_devices`, `sessions`, `cleanup` and `middleware`. Anyone may import `permissions` (the four groups and their
rights), `second_factor` (who lacks one), `password_links` (which let somebody choose a password) and `encryption` (text
and hashes under the site's secret key).
"""
