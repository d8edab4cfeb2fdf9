"""Make moto reject the values that SSM rejects.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""

from typing import Any

import pytest
from moto.ssm.exceptions import ValidationException
from moto.ssm.models import SimpleSystemManagerBackend

_MAX_BYTES = {"Standard": 4_096, "Advanced": 8_192, "Intelligent-Tiering": 8_192}


def reject_invalid_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reject values that contain `{{`, or are too long for their tier."""
    put: Any = SimpleSystemManagerBackend.put_parameter

    def strict(
        backend: SimpleSystemManagerBackend,
        name: str,
        description: str,
        value: str,
        *args: Any,
        tier: str | None,
        **given: Any,
    ) -> Any:
        if "{{" in value:
            raise ValidationException(f"Parameter {name}: references are not supported in a value.")
        if len(value.encode()) > _MAX_BYTES[tier or "Standard"]:
            raise ValidationException(f"Parameter {name}: the value is too long for its tier.")
        return put(backend, name, description, value, *args, **given | {"tier": tier})

    monkeypatch.setattr(SimpleSystemManagerBackend, "put_parameter", strict)
