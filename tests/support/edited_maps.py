"""A file of sources with a map that is edited."""

from pathlib import Path
from typing import Any

from inlet_bridge.inspector.map_editor.edited_file import version_of
from inlet_bridge.template_editing.document import SourcesFile
from tests.support.inspecting import opened
from tests.support.moto_deployment import STACK

PAGE = f"/stacks/{STACK}/maps/shop"
ROUTES = """\
# Above.
Routes: # mine
  - Flow: events
    Map:
      eventType: event_type
# Below.
Otherwise: drop
"""
TEXT = """\
      Routes: # mine
        - Flow: events
          Map:
            eventType: event_type"""
NEW = TEXT.replace("event_type", "source")


def posted(file: Path, *, allowed: bool = True, **form: str) -> Any:
    client = opened(file.parent, actions_allowed=allowed, sources_file=file)
    version = version_of(SourcesFile.read(file))
    return client.post(PAGE, data={"version": version, "sample": "{}", "text": NEW} | form)
