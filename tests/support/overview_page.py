"""The page of the overview."""

from pathlib import Path

from tests.support.inspecting import opened
from tests.support.moto_deployment import STACK

PAGE = f"/stacks/{STACK}/overview"


def shown(folder: Path, query: str = "") -> str:
    response = opened(folder).get(f"{PAGE}{query}")
    assert response.status_code == 200
    return response.text
