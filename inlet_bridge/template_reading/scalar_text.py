"""Scalars of YAML as CloudFormation sends them."""

from typing import Any


def as_text(scalar: Any) -> Any:
    """A scalar as CloudFormation sends it to the provisioner."""
    match scalar:
        case bool():
            return "true" if scalar else "false"
        case int() | float():
            return str(scalar)
    return scalar
