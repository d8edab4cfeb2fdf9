"""All senders by preset name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from inlet_bridge.senders.json_web_tokens import JSON_WEB_TOKENS
from inlet_bridge.senders.private_keys import PRIVATE_KEYS
from inlet_bridge.senders.secret_urls import SECRET_URLS
from inlet_bridge.senders.sender import Sender
from inlet_bridge.senders.shared_tokens import SHOWN
from inlet_bridge.senders.signed_bodies import BODIES
from inlet_bridge.senders.signed_urls import URLS
from inlet_bridge.senders.timestamped import TIMED

SENDERS: Final[Mapping[str, Sender]] = MappingProxyType(
    {**BODIES, **JSON_WEB_TOKENS, **PRIVATE_KEYS, **SECRET_URLS, **SHOWN, **TIMED, **URLS}
)
