"""Public pages as they were sent, kept so that the next reader costs the database nothing.

`edition` says which state of the public content is the present one, `shelf` keeps the answers of an edition, `middleware` gives
them out and takes them in, `changes` notices what makes an edition old. The reasons stand in docs/adr/0023.
"""
