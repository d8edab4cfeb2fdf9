"""A URL as it may have been signed: with its port, or without."""

from urllib.parse import urlsplit

_DEFAULTS = {"https": 443, "http": 80}


def other_port(url: str) -> str:
    """The URL with its port taken out, or the scheme's own put in; empty where there is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    host = parts.netloc
    if port is not None:
        return url.replace(host, host.removesuffix(f":{port}"), 1)
    if host and parts.scheme in _DEFAULTS:
        return url.replace(host, f"{host}:{_DEFAULTS[parts.scheme]}", 1)
    return ""
