"""The namespaces of Identity Service under `/data/core/idnamespace`.

Source: "List available identity namespaces" for the form of the response; the standard codes are
those of "Privacy Service API guide appendix" and "Identity namespace overview".
"""

from typing import Final

from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, Response, json_answer
from adobe_emulator.settings import Tenant

_CREATED_MS: Final = 1_441_122_419_000

# Codes with ids and types; ids beside those of the appendix are made up.
_STANDARD: Final = (
    ("CORE", 0, "COOKIE"),
    ("ECID", 4, "COOKIE"),
    ("Email", 6, "Email"),
    ("Phone", 7, "Phone"),
    ("WAID", 8, "DEVICE"),
    ("TNTID", 9, "COOKIE"),
    ("AAID", 10, "COOKIE"),
    ("Email_LC_SHA256", 11, "Email"),
    ("Phone_SHA256", 15, "Phone"),
    ("Phone_E.164", 16, "Phone"),
    ("Phone_SHA256_E.164", 17, "Phone"),
    ("AdCloud", 411, "COOKIE"),
    ("GAID", 20914, "DEVICE"),
    ("IDFA", 20915, "DEVICE"),
)
_FIRST_CUSTOM: Final = 10_093_197


def namespace_codes(tenant: Tenant) -> set[str]:
    """The codes of all namespaces."""
    return {*tenant.custom_namespaces, *(code for code, _, _ in _STANDARD)}


def list_namespaces(adobe: Adobe, call: Call) -> Response:  # noqa: ARG001 (the signature of handlers)
    """`GET /identities`: an array of standard and custom namespaces."""
    custom = (
        (code, _FIRST_CUSTOM + number, "Cross_device")
        for number, code in enumerate(adobe.tenant.custom_namespaces)
    )
    return json_answer(
        200,
        [
            {
                "updateTime": _CREATED_MS,
                "code": code,
                "status": "ACTIVE",
                "description": f"{code} Namespace",
                "id": number,
                "createTime": _CREATED_MS,
                "idType": kind,
                "name": code,
                "custom": number >= _FIRST_CUSTOM,
            }
            for code, number, kind in (*_STANDARD, *custom)
        ],
    )
