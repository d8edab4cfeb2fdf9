"""Let moto begin, and find the service of a request, in less time.

It registers two thousand responses whenever it begins, compares each request of the library
requests with them, also those to this machine, and makes the addresses of a service anew for each
request to it. Each table has an RSA key, which nothing uses.
"""

from functools import cache
from typing import Any, Final

import responses
from moto.core import models as _models
from moto.core.base_backend import BaseBackend
from moto.core.responses_custom_registry import CustomRegistry
from moto.kms import models as _keys

models: Any = _models
keys: Any = _keys
_OWN_MACHINE: Final = "http://127.0.0.1:"
_ENABLE: Final[Any] = models.MockAWS._enable_patching  # noqa: SLF001
_FIND: Final[Any] = CustomRegistry.find
_URLS: Final[Any] = vars(BaseBackend)["urls"].fget
_registered: dict[str, list[Any]] = {}
_urls: dict[type, dict[str, Any]] = {}


def _enable_patching(mock: Any, reset: bool = True) -> None:  # noqa: FBT001, FBT002
    if not _registered or not reset:
        _ENABLE(mock, reset)
        if reset:
            _registered.update(_copy(_current()))
        return
    models.botocore_stubber.enabled = True
    mock.reset()
    models.responses_mock.start()
    _current().update(_copy(_registered))


def _current() -> Any:
    """The responses by method; they are others after each reset."""
    return models.responses_mock.get_registry()._registered  # noqa: SLF001


def _copy(registered: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {method: [*given] for method, given in registered.items()}


def _find(registry: Any, request: Any) -> tuple[Any, list[str]]:
    if str(request.url).startswith(_OWN_MACHINE) and not responses.registered():
        return None, []
    found: tuple[Any, list[str]] = _FIND(registry, request)
    return found


def _urls_of(backend: Any) -> dict[str, Any]:
    """Those of a class, which has the same ones in all regions."""
    kind = type(backend)
    if kind not in _urls:
        _urls[kind] = _URLS(backend)
    return _urls[kind]


FASTER: Final[dict[tuple[Any, str], Any]] = {
    (models.MockAWS, "_enable_patching"): _enable_patching,
    (CustomRegistry, "find"): _find,
    (BaseBackend, "urls"): property(_urls_of),
    (keys, "generate_private_key"): cache(keys.generate_private_key),
}
"""Functions by their owner and name."""
