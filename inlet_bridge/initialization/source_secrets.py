"""Which secrets of the sources in the file do not exist yet."""

from typing import NamedTuple

import yaml

from inlet_bridge.operations.account.secret_store import SecretStore
from inlet_bridge.operations.account.stage import Stage
from inlet_bridge.template_editing.document import SOURCE, SourcesFile
from inlet_bridge.template_reading.default_file import default_file
from inlet_bridge.template_reading.errors import ResourceError


class MissingSecret(NamedTuple):
    """A secret that does not exist.

    Attributes:
        parameter: its name.
        is_newest: whether it is the first of the source's, which `inlet secret` stores.
    """

    parameter: str
    is_newest: bool


def missing_secrets(stage: Stage, store: SecretStore) -> dict[str, MissingSecret]:
    """The first missing secret of each source; empty if there is no file that can be read.

    Raises:
        OperationError: SSM cannot be read.
    """
    try:
        file = SourcesFile.read(default_file())
    except ResourceError:
        return {}
    missing: dict[str, MissingSecret] = {}
    for source in file.of_type(SOURCE):
        node = source.property("Secrets")
        items = node.value if isinstance(node, yaml.SequenceNode) else ()
        for position, item in enumerate(items):
            name = str(item.value).replace("${Stage}", stage.name)
            is_text = isinstance(item, yaml.ScalarNode) and "${" not in name
            if is_text and name.startswith("/inlet-bridge/") and store.get(name) is None:
                title = file.value(source.property("Name")) or source.logical_id
                missing.setdefault(title, MissingSecret(name, is_newest=not position))
    return missing
