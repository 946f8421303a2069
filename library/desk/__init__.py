"""What curators are told of their own accord: `attention` counts what waits, `digest` mails it once a week.

A leaf beside `library.admin`: its front page and a command use it, nothing public does.
"""
