"""The inspector: a web page on the loopback that shows the webhooks of a deployed bridge.

- `pages`: which page responds to which URL?
- `overview`, `webhook_list`, `webhook`, `map_editor`: what does a page show?
- `web`: how is a request read, and a page written?
- `security`: who may see and change something, and what is recorded of it?

`application` puts them together, `server` serves them, and `inspector` is what all pages share.
"""
