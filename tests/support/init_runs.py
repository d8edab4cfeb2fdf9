"""Runs of `inlet init` with answers."""

from adobe_emulator.settings import (
    EVENTS_DATASET_ID,
)

SECRET = "p8e-TOPSECRET"
FLAGS = (
    *("--stage", "dev", "--region", "eu-west-1", "--credentials", "adobe.json"),
    *("--sandbox", "dev", "--dataset", EVENTS_DATASET_ID, "--keep-bodies", "7"),
)


def without(*flags: str) -> list[str]:
    pairs = zip(FLAGS[::2], FLAGS[1::2], strict=True)
    return [word for pair in pairs if pair[0] not in flags for word in pair]
