"""How curators sign in: a password, then a second step, or a passkey alone. A leaf: nothing public imports it.

The work is django-allauth's. Read `urls` (the few of its pages that there are) with `pages` and `passkeys`, then
`adapters` (its texts, and what it counts of whom), `backend`, `forms`, `codes`, `attempts`, `devices`, `sessions`,
`cleanup` and `middleware`.
"""
