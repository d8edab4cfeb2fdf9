"""The source document."""

import json

import pytest

from bridge.source import Source
from tests import samples


def test_a_source_comes_back_as_it_was_written() -> None:
    """What the provisioner writes is what the receiver reads."""
    source = samples.source()

    assert Source.from_document(source.to_document()) == source


def test_the_document_holds_references_and_no_secret() -> None:
    """SSM shows it to whoever may read parameters."""
    assert samples.SECRET not in samples.source().to_document()


def test_a_document_of_another_version_is_refused() -> None:
    """Rather than half understood."""
    document = json.loads(samples.source().to_document()) | {"version": 2}

    with pytest.raises(ValueError, match="version 1"):
        Source.from_document(json.dumps(document))
