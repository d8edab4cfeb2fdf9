"""What the functions of a stage share about the access token."""

from datetime import timedelta

from bridge.adapters.adobe.ims_token import Token
from bridge.adapters.adobe.token_record import Refusal, TokenRecord, read_record
from tests.support.fakes import NOON


def test_record_contains_no_double_braces_and_round_trips() -> None:
    """SSM rejects them; a reason may quote the name of a parameter or of a host."""
    until = NOON + timedelta(minutes=1)
    refusal = Refusal("{{name}} does not exist", NOON, until, "digest", 400)
    record = TokenRecord(Token("a token", NOON, until), refusal)

    assert "{{" not in record.to_text()
    assert read_record(record.to_text()) == record
