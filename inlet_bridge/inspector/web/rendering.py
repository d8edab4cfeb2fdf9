"""Render templates. Everything that comes from outside is escaped, and made visible."""

from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bridge.version import VERSION
from inlet_bridge.inspector.inspector import Inspector
from inlet_bridge.plain_text import plain


def _visible(value: Any) -> Any:
    """Replace control and invisible characters of a text; markup of templates stays."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return plain(value, lines=True)
    return value


def _with_code(text: str) -> Markup:
    """A sentence whose parts in backticks are shown as code."""
    parts = plain(text, lines=True).split("`")
    if len(parts) % 2 == 0:  # One backtick has no partner.
        return escape("`".join(parts))
    shown = (
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )
    return Markup("").join(shown)


_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("inlet_bridge.inspector"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_visible,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["code"] = _with_code


def inspector_of(request: Request) -> Inspector:
    """The inspector that serves a request."""
    found: Inspector = request.app.state.inspector
    return found


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A response with a rendered template.

    Templates also have `stack` (the only one, or that of the path; empty without either),
    `actions_allowed`, `is_local`, `path` and `version`.
    """
    inspector = inspector_of(request)
    shared = {
        "stack": inspector.stack or request.path_params.get("stack", ""),
        "actions_allowed": inspector.actions_allowed,
        "is_local": inspector.is_local,
        "path": request.url.path,
        "version": VERSION,
    }
    return HTMLResponse(fragment(template, **shared, **values), status)


def fragment(template: str, **values: Any) -> str:
    """A rendered template that needs nothing of the request."""
    return _ENVIRONMENT.get_template(template).render(**values)
