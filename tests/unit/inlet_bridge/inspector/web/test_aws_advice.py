"""An error of AWS is explained by its code; permissions are named only if they are missing."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from inlet_bridge.inspector.web.aws_advice import advice_on_error
from inlet_bridge.inspector.web.panels import panel


def fault(code: str, status: int = 400) -> ClientError:
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "FilterLogEvents")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AccessDeniedException", "docs/inspector.md has the permissions"),
        ("AccessDenied", "docs/inspector.md has the permissions"),
        ("ExpiredTokenException", "renew those of AWS_PROFILE"),
        ("UnrecognizedClientException", "renew those of AWS_PROFILE"),
        ("ThrottlingException", "again in a minute"),
        ("ProvisionedThroughputExceededException", "again in a minute"),
        ("ResourceNotFoundException", "inlet doctor"),
        ("AWS.SimpleQueueService.NonExistentQueue", "inlet doctor"),
    ],
)
def test_the_code_tells_what_to_do(code: str, words: str) -> None:
    assert words in advice_on_error(fault(code))


def test_other_errors_are_not_called_missing_permissions() -> None:
    assert advice_on_error(fault("InvalidParameterException")) == ""
    assert "AWS failed" in advice_on_error(fault("InternalFailure", 500))
    assert advice_on_error(ClientError({}, "Query")) == ""


def test_a_part_of_a_page_has_the_advice() -> None:
    def read(code: str) -> None:
        raise fault(code)

    assert panel(lambda: read("ThrottlingException")).note == (
        "This cannot be shown: AWS answered FilterLogEvents with ThrottlingException. AWS received"
        " more requests than it allows: load the page again in a minute."
    )
    assert panel(lambda: read("ValidationException")).note == (
        "This cannot be shown: AWS answered FilterLogEvents with ValidationException."
    )


def test_part_that_aws_does_not_answer_for_names_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)

    def read() -> None:
        raise EndpointConnectionError(endpoint_url="https://logs.eu-west-1.amazonaws.com/")

    assert panel(read).note == (
        "This cannot be shown: AWS cannot be asked: logs.eu-west-1.amazonaws.com does not answer."
        " Check the network, the proxy and AWS_REGION."
    )
