"""What is said of a scheme with a parameter that is missing, or in another place; it is valid."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from bridge.errors import InvalidPropertyError
from bridge.verification.declaration import declare_scheme

SIGNED: Mapping[str, Any] = {"Content": "{body}", "Signature": {"From": "header:x-signature"}}
HMAC: Mapping[str, Any] = {"Family": "mac", **SIGNED}
TIMED: Mapping[str, Any] = {**HMAC, "Content": "{timestamp}.{body}"}


def _reason(scheme: Mapping[str, Any]) -> str:
    with pytest.raises(InvalidPropertyError) as caught:
        declare_scheme(None, scheme)
    return str(caught.value)


@pytest.mark.parametrize(
    ("base", "name", "wrong", "said"),
    [
        (HMAC, "Content", None, "Content: is required, such as "),
        (HMAC, "Signature", None, "Signature: is required, such as "),
        (HMAC, "Signature", "x-signature", "Signature: must be a mapping, such as "),
        (HMAC, "Signature", {}, "Signature.From: is required, such as "),
        ({"Family": "pk", **SIGNED}, "Content", None, "Content: is required, such as "),
        ({"Family": "jwt", "Algorithms": ["HS256"]}, "From", None, "From: is required, such as "),
        ({"Family": "token"}, "From", None, "From: is required, such as "),
        (TIMED, "Timestamp", "header:x", "Timestamp: must be a mapping, such as "),
        (TIMED, "Timestamp", {}, "Timestamp.From: is required, such as "),
    ],
)
def test_example_is_valid_in_its_place(
    base: Mapping[str, Any], name: str, wrong: Any, said: str
) -> None:
    given = {each: value for each, value in base.items() if each != name}
    reason = _reason(given if wrong is None else {**given, name: wrong})

    assert said in reason
    example = yaml.safe_load(reason.partition(", such as ")[2])
    declare_scheme(None, {**given, name: {"From": example} if wrong == {} else example})


@pytest.mark.parametrize(
    ("base", "name", "value", "way"),
    [
        (HMAC, "Header", "X-Sig", "write Signature: {From: header:x-sig}"),
        (HMAC, "SignatureHeader", "x-sig", "write Signature: {From: header:x-sig}"),
        (HMAC, "HeaderName", ["x"], "write Signature: {From: header:NAME}"),
        ({"Family": "token"}, "Header", "x-token", "write From: header:x-token"),
        (HMAC, "From", "header:x", "it belongs in Signature"),
        (HMAC, "Encoding", "base64", "it belongs in Signature"),
        (HMAC, "PastSeconds", "300", "it belongs in Timestamp"),
        (HMAC, "Secret", "s3cr3t", "the name of the parameter with the secret is in Secrets"),
    ],
)
def test_place_of_a_parameter_is_named(
    base: Mapping[str, Any], name: str, value: Any, way: str
) -> None:
    reason = _reason({**base, name: value})

    assert f"Scheme.{name}: there is no such property; {way}" in reason
    assert "s3cr3t" not in reason
    if written := way.partition("write ")[2]:
        declare_scheme(None, {**base, **yaml.safe_load(written)})


def test_header_of_a_signature_is_named() -> None:
    reason = _reason({**HMAC, "Signature": {"Header": "x-sig"}})

    assert "Scheme.Signature.Header: there is no such property; write From: header:x-sig" in reason


@pytest.mark.parametrize(
    ("prefix", "assignment", "key"),
    [("v0:", ":", "v0"), ("sha256=", "=", "sha256"), ("s3cr3t", "=", "sha256")],
)
def test_prefix_of_a_signature_is_written_as_a_key(prefix: str, assignment: str, key: str) -> None:
    given = {"From": "header:x-sig", "Prefix": prefix}
    reason = _reason({**HMAC, "Signature": given})

    assert f'a prefix is written as Assignment: "{assignment}" and Key: {key}' in reason
    assert "s3cr3t" not in reason
    written = {"From": "header:x-sig", "Assignment": assignment, "Key": key}
    declare_scheme(None, {**HMAC, "Signature": written})
