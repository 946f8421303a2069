"""What happens to requests before and after their view; `page_request` and `trusted_proxies` say what a request is.

`admin.unsaved` and `accounts.middleware` have what is only for curators. The order stands in `config/settings.py`.
"""
