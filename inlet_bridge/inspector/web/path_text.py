"""Text of a sender as the last part of a path."""

from typing import override

from starlette.convertors import Convertor, register_url_convertor


class _AnyText(Convertor[str]):
    """Also with slashes and line breaks, which `path` of Starlette does not match."""

    regex = "(?s:.+)"

    @override
    def convert(self, value: str) -> str:
        return value

    @override
    def to_string(self, value: str) -> str:
        return value


TEXT = "text"
"""The name of the convertor in routes: `{delivery_id:text}`."""

register_url_convertor(TEXT, _AnyText())
