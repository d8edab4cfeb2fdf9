"""All senders, by the name of their preset."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tools.senders.bodies import BODIES
from tools.senders.json_web_tokens import JSON_WEB_TOKENS
from tools.senders.private_keys import PRIVATE_KEYS
from tools.senders.sender import Sender
from tools.senders.shown import SHOWN
from tools.senders.timed import TIMED
from tools.senders.urls import URLS

SENDERS: Final[Mapping[str, Sender]] = MappingProxyType(
    {**BODIES, **JSON_WEB_TOKENS, **PRIVATE_KEYS, **SHOWN, **TIMED, **URLS}
)
