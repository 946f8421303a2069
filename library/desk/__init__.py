"""What curators are told of their own accord: `attention` counts what waits for them.

A leaf beside `library.admin`, whose front page is made of it; nothing public uses it.
"""
