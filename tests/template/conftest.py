"""The template after the SAM transform, once per module."""

from copy import deepcopy
from typing import Any

import pytest

from tests.support.sam_template import template
from tests.support.translated_template import translate


@pytest.fixture(scope="module")
def translated() -> dict[str, Any]:
    """The template after the SAM transform."""
    return translate(deepcopy(template()))
