"""The version of the bridge, for the command, the package and every request that is sent.

`pyproject.toml` reads it from here: a Lambda layer has no metadata of the package. The output
`Version` of `template.yaml` repeats it; `tests/packaging/test_version.py` compares them.
"""

VERSION = "0.1.0"

USER_AGENT = f"inlet-bridge/{VERSION}"
"""The value of the User-Agent header (RFC 9110, 10.1.5)."""
