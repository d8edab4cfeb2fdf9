"""Load AWS's service models once, for all sessions of botocore.

Each session reads and parses them again, which takes longer than most tests. Each request looks at
every character of its user agent, twice.
"""

from functools import cache
from typing import Any

from botocore import session, useragent
from botocore.loaders import Loader, create_loader


class _Paths(list[str]):
    """Search paths, to which each session of boto3 adds its own."""

    def append(self, path: str) -> None:
        if path not in self:
            super().append(path)


@cache
def shared_loader(paths: str | None = None) -> Loader:
    """The loader of all sessions with these search paths."""
    loader: Any = create_loader(paths)
    loader._search_paths = _Paths(loader.search_paths)  # noqa: SLF001
    return loader  # type: ignore[no-any-return]


def share_models() -> None:
    """Let sessions use it, for the rest of the process."""
    patched: Any = session
    patched.create_loader = shared_loader
    agent: Any = useragent
    agent.sanitize_user_agent_string_component = cache(agent.sanitize_user_agent_string_component)
