"""The endpoints of Data Access under `/data/foundation/export`: what failed in a batch.

Sources: "Retrieving failed batches using the Data Access API" and "Retrieving error diagnostics".
`_page` is documented; that `start` and `limit` select a page is a guess, as is a 404 once the
diagnostics are gone.
"""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

from adobe_emulator.batches import Batch
from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, Response, json_answer
from adobe_emulator.failed_records import files_of, row_errors_of
from adobe_emulator.platform_errors import bad_request, missing
from adobe_emulator.query_parameters import allow_parameters, number

KEPT = timedelta(days=30)
"""How long Adobe keeps error diagnostics."""

_MOST_FILES = 100
_ROW_ERRORS = "row_errors"


def list_failed(adobe: Adobe, call: Call) -> Response:
    """`GET /batches/{id}/failed`: the files; with `path`, the records of one of them."""
    allow_parameters(call, "path", "start", "limit")
    batch = _kept(adobe, call.parameters["id"])
    behavior = adobe.behavior
    files = files_of(batch, behavior.failed_record_form, behavior.records_per_file)
    path = call.first("path")
    if path is not None:
        return _content(files, path)
    return _listing(adobe, call, f"{batch.id}/failed?path=", files)


def read_meta(adobe: Adobe, call: Call) -> Response:
    """`GET /batches/{id}/meta?path=row_errors`: the files; below it, the content of one."""
    allow_parameters(call, "path", "start", "limit")
    folder, _, name = (call.first("path") or "").partition("/")
    if folder != _ROW_ERRORS:
        raise bad_request(f"path must be {_ROW_ERRORS}; input files are not emulated")
    batch = _kept(adobe, call.parameters["id"])
    files = row_errors_of(batch, adobe.behavior.records_per_file)
    if name:
        return _content(files, name)
    return _listing(adobe, call, f"{batch.id}/meta?path={_ROW_ERRORS}%2F", files)


def _kept(adobe: Adobe, batch_id: str) -> Batch:
    batch = adobe.lake.batch(batch_id)
    if batch is None:
        raise missing("no such batch")
    age = timedelta(milliseconds=adobe.clock.milliseconds() - batch.completed_ms)
    if batch.is_complete and age > KEPT:
        raise missing("the diagnostics of the batch were deleted")
    return batch


def _listing(adobe: Adobe, call: Call, address: str, files: Mapping[str, bytes]) -> Response:
    limit = number(call, "limit", _MOST_FILES, least=1, most=_MOST_FILES)
    start = number(call, "start", 0)
    base = f"{adobe.url}/data/foundation/export/batches/{address}"
    data = [
        {
            "name": name,
            "length": str(len(content)),
            "_links": {"self": {"href": f"{base}{quote(name, safe='')}"}},
        }
        for name, content in [*files.items()][start : start + limit]
    ]
    return json_answer(200, {"data": data, "_page": {"limit": limit, "count": len(data)}})


def _content(files: Mapping[str, bytes], name: str) -> Response:
    if name not in files:
        raise missing("no such file")
    return Response(200, files[name], {"content-type": "application/octet-stream"})
