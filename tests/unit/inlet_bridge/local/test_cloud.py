"""Tests of the emulated account."""

from dataclasses import replace
from pathlib import Path

from inlet_bridge.local.cloud import Cloud

CLOUD = Cloud("http://127.0.0.1:4566", "AKIA0", "s3cret")


def test_programs_do_not_inherit_the_aws_settings_of_the_developer() -> None:
    own = {
        "PATH": "/bin",
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "real",
        "SAM_CONFIG_FILE": "mine.toml",
        "HTTPS_PROXY": "http://proxy",
    }
    environ = CLOUD.environ(own)

    assert "AWS_PROFILE" not in environ
    assert "AWS_SESSION_TOKEN" not in environ
    assert "SAM_CONFIG_FILE" not in environ
    assert environ["AWS_CONFIG_FILE"] == environ["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert environ["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert environ["PATH"] == "/bin"


def test_proxy_is_for_the_internet_only() -> None:
    environ = CLOUD.environ({"HTTPS_PROXY": "http://proxy"})

    assert environ["HTTPS_PROXY"] == "http://proxy"
    assert "127.0.0.1" in environ["NO_PROXY"]


def test_clients_talk_to_the_endpoint_only() -> None:
    assert CLOUD.client("ssm").meta.endpoint_url == "http://127.0.0.1:4566"


def test_client_of_an_account_is_made_once() -> None:
    other = replace(CLOUD, access_key="AKIA1")

    assert CLOUD.client("ssm") is replace(CLOUD).client("ssm")
    assert CLOUD.client("ssm") is not CLOUD.client("sqs")
    assert CLOUD.client("ssm") is not other.client("ssm")


def test_secret_key_appears_in_no_representation() -> None:
    assert "s3cret" not in repr(CLOUD)


def test_access_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = CLOUD.write_entrance(tmp_path, "inlet-bridge-local")

    assert path.stat().st_mode & 0o777 == 0o600
    assert "export AWS_SECRET_ACCESS_KEY=s3cret\n" in path.read_text()
