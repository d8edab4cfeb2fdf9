"""Kept-alive HTTPS connections: one pool and one TLS context for the whole process.

urllib3, which is what requests and botocore send with; `docs/decisions/` holds what was measured.
"""

import ssl
from functools import cache

import certifi
import urllib3


@cache
def connections() -> urllib3.PoolManager:
    """The pool. It knows no proxy of the environment, and tries once.

    Reading the authorities costs more than a connection does, so there is one context for all.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    return urllib3.PoolManager(ssl_context=context, retries=False)
