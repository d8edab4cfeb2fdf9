"""The map editor: the routes of a source beside a sample, and what they make of it."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bridge.names import NAME, PREFLIGHT_SOURCE
from inlet_bridge.inspector.map_editor.deployment import MapDeployment, MapDeployments
from inlet_bridge.inspector.map_editor.edited_file import (
    ChangedFileError,
    EditedMap,
    read_map,
    save,
    source_names,
)
from inlet_bridge.inspector.map_editor.evaluation import (
    MOST_SAMPLE_BYTES,
    MOST_TEXT_BYTES,
    Evaluation,
    Sample,
    evaluate,
)
from inlet_bridge.inspector.map_editor.samples import Choice, MapSamples
from inlet_bridge.inspector.web.forms import Form, posted
from inlet_bridge.inspector.web.panels import Panel, panel
from inlet_bridge.inspector.web.rendering import fragment, inspector_of, page
from inlet_bridge.inspector.web.request_stack import deployed_of
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.plain_text import plain, plain_json

# Each byte may be written as three characters.
_MOST_FORM_BYTES: Final = 3 * (MOST_TEXT_BYTES + MOST_SAMPLE_BYTES) + 16_384
_MOST_SHOWN_MESSAGES: Final = 20


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form has.

    Attributes:
        text: the routes.
        choice: the sample that was chosen last.
    """

    text: str
    sample: Sample
    choice: str


def maps(request: Request) -> Response:
    """List the sources whose maps can be edited, and those that are only deployed."""
    deployed, path = deployed_of(request), inspector_of(request).sources_file
    values = panel(lambda: dict(_deployment(request).values))
    names = panel(lambda: source_names(path, values.value or {}))
    there = panel(lambda: [each for each in deployed.sources if "/" not in each])
    known = {*(names.value or ()), PREFLIGHT_SOURCE}
    others = [each for each in there.value or () if each not in known]
    return page(request, "maps.html", names=names, others=others, note=there.note, file=str(path))


def editor(request: Request) -> Response:
    """Show the routes of a source, and what they make of a sample."""
    edited = _map(request)
    samples = _samples(request, edited)
    choices = samples.choices()
    choice, sample = samples.first(choices.value or ())
    notice = _saved_text(request) if "saved" in request.query_params else ""
    typed = Typed(edited.text.text, sample, choice)
    return _page(request, edited, typed, choices=choices, notice=notice)


def _saved_text(request: Request) -> str:
    if inspector_of(request).is_local:
        return "Saved. The local cloud deploys the file now; its output says when it is done."
    return "Saved. Deploy the file to use it."


def edit(request: Request, form: Form) -> Response:
    """Evaluate what is posted, load a sample, or save. Only the last one changes anything."""
    edited = _map(request)
    sample = Sample(_field(form, "sample"), form.get("event_type", "").strip())
    choice = form.get("choice", "")
    sample = _samples(request, edited).recognized(choice, sample)
    typed = Typed(_field(form, "text"), sample, choice)
    if form.get("do") == "save":
        return _saved(request, form.get("version", ""), edited, typed)
    if form.get("do") == "load":
        try:
            typed = replace(typed, sample=_samples(request, edited).sample(typed.choice))
        except OperationError as exc:
            return _failed(request, edited, typed, exc)
    if request.headers.get("hx-request") == "true":
        found = _evaluated(request, edited, typed)
        gutter = _gutter(edited, typed, found, is_swapped=True)
        return HTMLResponse(_result(request, edited, found) + gutter)
    return _page(request, edited, typed)


def _saved(request: Request, version: str, edited: EditedMap, typed: Typed) -> Response:
    inspector, stack = inspector_of(request), request.path_params["stack"]
    if not inspector.actions_allowed:
        raise HTTPException(
            HTTPStatus.FORBIDDEN,
            "This inspector only reads; start it with --allow-actions to save, or commit the diff.",
        )
    found = _evaluated(request, edited, typed)
    if found.edited is None or not found.can_be_saved:
        is_same = found.edited is not None and not found.difference
        reason = "the text is that of the file" if is_same else "see below"
        notice, status = f"Nothing was saved: {reason}.", HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, edited, typed, notice=notice, status=status)
    path = str(edited.text.file.path)
    try:
        inspector.actions.record("save map", stack, source=edited.name, file=path)
        save(found.edited, version)
    except OperationError as exc:
        return _failed(request, edited, typed, exc)
    return RedirectResponse(f"/stacks/{stack}/maps/{edited.name}?saved", HTTPStatus.SEE_OTHER)


def _failed(request: Request, edited: EditedMap, typed: Typed, exc: OperationError) -> Response:
    """The page with what was typed, which an error page would lose."""
    has_changed = isinstance(exc, ChangedFileError)
    status = HTTPStatus.CONFLICT if has_changed else HTTPStatus.BAD_GATEWAY
    return _page(request, edited, typed, notice=f"{exc}. {exc.hint}".strip(), status=status)


def _field(form: Form, name: str) -> str:
    r"""A text as it was typed: HTML's forms send line breaks as `\r\n`."""
    return form.get(name, "").replace("\r\n", "\n")


def _deployment(request: Request) -> MapDeployment:
    state = request.app.state
    if not hasattr(state, "map_deployments"):
        state.map_deployments = MapDeployments()
    known: MapDeployments = state.map_deployments
    return known.of(deployed_of(request))


def _map(request: Request) -> EditedMap:
    name = request.path_params["source"]
    if not NAME.fullmatch(name):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    path = inspector_of(request).sources_file
    try:
        return read_map(path, name, dict(_deployment(request).values))
    except OperationError as exc:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"{exc}. {exc.hint}".strip()) from exc


def _samples(request: Request, edited: EditedMap) -> MapSamples:
    return MapSamples(deployed_of(request), edited.name, edited.provider)


def _evaluated(request: Request, edited: EditedMap, typed: Typed) -> Evaluation:
    return evaluate(edited.name, edited.text, typed.text, typed.sample, _deployment(request))


def _result(request: Request, edited: EditedMap, found: Evaluation) -> Markup:
    shown = found.preview.shown if found.preview else ()
    messages = [(each, plain_json(each.message)) for each in shown[:_MOST_SHOWN_MESSAGES]]
    text = fragment(
        "map_result.html",
        found=found,
        messages=messages,
        more=len(shown) - len(messages),
        file=str(edited.text.file.path),
        actions_allowed=inspector_of(request).actions_allowed,
    )
    return Markup(text)  # noqa: S704 - rendered by a template


def _gutter(
    edited: EditedMap, typed: Typed, found: Evaluation, *, is_swapped: bool = False
) -> Markup:
    """The numbers of the lines; those with problems are marked."""
    first, number = edited.text.line, typed.text.count("\n") + 1
    numbers = range(first, first + number)
    text = fragment("map_gutter.html", numbers=numbers, lines=found.lines, is_swapped=is_swapped)
    return Markup(text)  # noqa: S704 - rendered by a template


def _page(
    request: Request,
    edited: EditedMap,
    typed: Typed,
    *,
    choices: Panel[list[Choice]] | None = None,
    notice: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    found = _evaluated(request, edited, typed)
    values: dict[str, Any] = {
        "edited": edited,
        "file": str(edited.text.file.path),
        "typed": typed,
        "is_editable": plain(typed.text, lines=True) == typed.text,
        "choices": choices or _samples(request, edited).choices(),
        "result": _result(request, edited, found),
        "gutter": _gutter(edited, typed, found),
        "notice": notice,
        "failed": status is not HTTPStatus.OK,
    }
    return page(request, "map.html", status=status, **values)


ROUTES = [
    Route("/stacks/{stack}/maps", maps),
    Route("/stacks/{stack}/maps/{source}", editor),
    Route("/stacks/{stack}/maps/{source}", posted(edit, _MOST_FORM_BYTES), methods=["POST"]),
]
