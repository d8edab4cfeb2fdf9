"""A URL as it may have been signed: with its port, or without."""

from urllib.parse import urlsplit

_DEFAULTS = {"https": 443, "http": 80}


def with_and_without_port(url: str) -> tuple[str, ...]:
    """The URL, then the same with the port taken out or the scheme's own put in."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return (url,)
    host = parts.netloc
    if port is not None:
        return url, url.replace(host, host.removesuffix(f":{port}"), 1)
    if host and parts.scheme in _DEFAULTS:
        return url, url.replace(host, f"{host}:{_DEFAULTS[parts.scheme]}", 1)
    return (url,)
