"""What is fetched from other sites: a leaf, which the curators' admin may use, and no public page.

Read in this order: `addresses` (which addresses may be fetched at all), `client` (one of them, fetched within bounds).
"""
