"""Find names of a source that look like others: fields of a Map, and its secrets."""

from collections.abc import Iterator
from typing import Final

from bridge.provisioning.schema_comparison import nested
from bridge.provisioning.sources.checks import unchecked_flows
from bridge.sources.source import Source
from bridge.spelling import nearest
from bridge.strict_json import read_json

# Of the class: https://github.com/adobe/xdm/blob/master/components/behaviors/time-series.schema.json
# and https://github.com/adobe/xdm/blob/master/components/classes/experienceevent.schema.json
_FIELDS: Final = ("_id", "timestamp", "eventType", "eventMergeId", "producedBy", "identityMap")
_SIMILARITY: Final = 0.8
_SIMILARITY_OF_SECRETS: Final = 0.75


def misspellings(source: Source) -> Iterator[str]:
    """A sentence for each such name of a flow whose messages are compared with no schema."""
    unchecked = set(unchecked_flows(source))
    for route in source.routes:
        for target in route.targets:
            flow = source.flows.get(target.flow)
            if not target.map or target.flow not in unchecked or not flow:
                continue
            template = read_json(target.map)
            if flow.behavior == "time-series" and isinstance(template, dict):
                yield from _in_names(sorted(template.keys() - set(_FIELDS)))


def misspelled_secrets(source: Source) -> Iterator[str]:
    """A sentence for each secret whose name looks like that of the source or its provider."""
    for index, secret in enumerate(source.secrets):
        if meant := likely_secret(secret, source.name, source.provider):
            yield (
                f"Secrets.{index} names {secret}; is it {meant}? `inlet secret"
                f" {source.name}` stores the first of Secrets"
            )


def likely_secret(secret: str, source: str, provider: str) -> str:
    """The secret that a name like that of its source or provider may mean; empty for another."""
    path, _, name = secret.rpartition("/")
    likely = [each for each in (source, provider) if each]
    close = nearest(name, likely, similarity=_SIMILARITY_OF_SECRETS)
    # `github-2` is another secret of `github`.
    return f"{path}/{close}" if close and close not in name and name not in close else ""


def _in_names(names: list[str]) -> Iterator[str]:
    for name in names:
        if "." in name:
            yield f"Map has a field {name}; one below another is written nested, {nested(name)}"
        elif close := nearest(name, _FIELDS, similarity=_SIMILARITY):
            yield f"Map has {name}; is it {close}, which every ExperienceEvent schema has?"
