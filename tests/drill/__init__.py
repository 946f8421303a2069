"""The durability drill, `make drill`: curators edit a real site whose processes are killed, and no edit is lost.

`curators` work through the forms of the admin, `site` is what is killed and started again, and `verdict` compares what
curators were told with what the library's history holds.

`two_hosts`, `make drill-two-hosts`, tries what two hosts with one database promise: `hosts` builds them, `promises`
asks.
"""
