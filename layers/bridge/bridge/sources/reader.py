"""Read a source, its secrets and its pauses from SSM: one call if possible, otherwise two.

SSM allows 40 calls a second by default, shared by everything in an account and region (AWS General
Reference, "AWS Systems Manager endpoints and quotas"), and a call reads up to ten names. Only the
document names the secrets and the connection, so the first call of an environment also asks for
the names that the documentation and the template give them.
"""

from collections.abc import Callable, Iterable, Sequence

from bridge.errors import UnavailableError
from bridge.sources.configured import RESUMED, ConfiguredSource, paused_parameter
from bridge.sources.source import Source
from bridge.telemetry import logger

type Get = Callable[[Sequence[str]], dict[str, str]]
"""Reads the parameters that exist. Raises UnavailableError."""

# The connection of sources.yaml.
DEFAULT_CONNECTION = "webhooks"
# GetParameters accepts ten names at most; seven of them are the source's own.
_MAX_CONNECTIONS = 3


class SourceReader:
    """Reads sources.

    Args:
        path: `/inlet-bridge/{stage}`.
        with_secrets: also read the values of secrets.
    """

    def __init__(self, path: str, *, with_secrets: bool) -> None:
        self._path = path
        self._with_secrets = with_secrets
        # Connections of the sources that were read last; most stages have one.
        self._connections = dict.fromkeys([DEFAULT_CONNECTION])

    def read(
        self, name: str, known: ConfiguredSource | None, get: Get, get_quickly: Get
    ) -> ConfiguredSource | None:
        """Read a source; None if there is none of this name.

        Args:
            name: of the source.
            known: its last version, which has the names to ask for.
            get: reads what verification needs.
            get_quickly: reads the pause of a connection whose name was not guessed. Its failure
                is not an error: the webhook is verified and buffered.

        Raises:
            UnavailableError: its document or a secret cannot be read.
        """
        path = f"{self._path}/sources/{name}"
        guessed = self._references(known.source) if known else self._guessed_references(name)
        pauses = [known.source.connection.name] if known else list(self._connections)
        asked = [path, paused_parameter(path), *guessed, *map(self._pause_of, pauses)]
        found = get(asked)
        document = found.get(path)
        if document is None:
            return None
        source = _parsed(name, document)
        self._remember(source.connection.name)
        references, pause = self._references(source), self._pause_of(source.connection.name)
        is_current = True
        if others := [each for each in references if each not in asked]:
            found |= get([*others, pause])
        elif pause not in asked:
            try:
                found |= get_quickly([pause])
            except UnavailableError as exc:
                logger.warning("the pause is unknown", extra={"reason": str(exc)})
                is_current = False
        is_paused = any(
            found.get(each, RESUMED) != RESUMED for each in (pause, paused_parameter(path))
        )
        return _configured(source, references, found, paused=is_paused, current=is_current)

    def _pause_of(self, connection: str) -> str:
        return paused_parameter(f"{self._path}/connections/{connection}")

    def _references(self, source: Source) -> tuple[str, ...]:
        if not self._with_secrets:
            return ()
        tokens = source.access_rules.path_tokens
        return (*source.secrets, *source.handshake_secrets, *tokens)

    def _guessed_references(self, name: str) -> tuple[str, ...]:
        """The names of secrets as in docs/configuration.md and docs/providers.md.

        During a rotation the second one is `{name}-2`. The provisioner writes that of a source with
        a Subscription.
        """
        if not self._with_secrets:
            return ()
        names = (name, f"{name}-2", f"captured/{name}", f"{name}-path", f"subscriptions/{name}")
        return tuple(f"{self._path}/secrets/{each}" for each in names)

    def _remember(self, connection: str) -> None:
        self._connections.pop(connection, None)
        self._connections = dict.fromkeys([connection, *self._connections][:_MAX_CONNECTIONS])


def _parsed(name: str, document: str) -> Source:
    try:
        return Source.from_document(document)
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise UnavailableError(
            f"the document of source {name} cannot be read: {type(exc).__name__}"
        ) from exc


def _configured(
    source: Source, references: Iterable[str], found: dict[str, str], *, paused: bool, current: bool
) -> ConfiguredSource:
    # Values from files often end in a line break; secrets never do.
    values = {name: found[name].rstrip("\r\n") for name in references if name in found}
    unreadable = _replace_by_keys(source, found, values)
    # A pending registration has no secret yet.
    pending = source.secrets if source.registration_until else ()

    def of(names: Iterable[str]) -> tuple[str, ...]:
        found_values = ((name, values.get(name)) for name in names)
        return tuple(value for name, value in found_values if value and name not in unreadable)

    return ConfiguredSource(
        source,
        of(source.secrets),
        of(source.handshake_secrets),
        of(source.access_rules.path_tokens),
        paused=paused,
        is_current=current,
        missing=tuple(name for name in references if not values.get(name) and name not in pending),
        unreadable=unreadable,
    )


def _replace_by_keys(
    source: Source, found: dict[str, str], values: dict[str, str]
) -> tuple[str, ...]:
    """Replace the stored texts of secrets by the secrets in them; return names of unusable ones."""
    stored = [name for name in source.secrets if values.get(name)]
    if not stored:
        return ()
    # Functions that read no secrets do not need it.
    from bridge.verification.stored_secrets import expected_form, stored_secret  # noqa: PLC0415

    unreadable = []
    for name in stored:
        if secret := stored_secret(source.scheme, found[name]):
            values[name] = secret
            continue
        unreadable.append(name)
        # Never the text: it may be another secret.
        reason = f"it must be {expected_form(source.scheme)}"
        extra = {"source": source.name, "parameter": name, "reason": reason}
        logger.error("a secret cannot be read", extra=extra)
    return tuple(unreadable)
