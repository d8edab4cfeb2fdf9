"""The endpoints of the Catalog under `/data/foundation/catalog`."""

from adobe_emulator.batch_listing import MOST_BATCHES, listed
from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, Response, json_answer
from adobe_emulator.platform_errors import bad_request, missing
from adobe_emulator.query_parameters import allow_parameters, number
from adobe_emulator.resources import Kind


def create_dataset(adobe: Adobe, call: Call) -> Response:
    """`POST /dataSets`: 201 with a list of one reference."""
    dataset_id = adobe.datasets.create(call.json() if call.body else None)
    return json_answer(201, [f"@/dataSets/{dataset_id}"], {"location": f"/dataSets/{dataset_id}"})


def list_datasets(adobe: Adobe, call: Call) -> Response:
    """`GET /dataSets?name=…`: a page of an object with the ids as names; at most 100 datasets."""
    allow_parameters(call, "name", "limit", "start", "properties")
    limit = number(call, "limit", adobe.behavior.page_size, least=1, most=MOST_BATCHES)
    start = number(call, "start", 0)
    names = call.first("properties")
    found = list(adobe.datasets.named(call.first("name")).items())
    page = {
        dataset_id: document
        if names is None
        else {name: document[name] for name in names.split(",") if name in document}
        for dataset_id, document in found[start : start + limit]
    }
    return json_answer(200, page)


def read_dataset(adobe: Adobe, call: Call) -> Response:
    """`GET /dataSets/{id},{id}…`: an object with the ids as names; a missing one is left out.

    Leaving it out is a guess.
    """
    ids = call.parameters["id"].split(",")
    found = {each: document for each in ids if (document := adobe.datasets.get(each)) is not None}
    if not found:
        raise missing("no such dataset")
    return json_answer(200, found)


def delete_dataset(adobe: Adobe, call: Call) -> Response:
    """`DELETE /dataSets/{id}`: 200; rejected while a flow writes to it, which is a guess."""
    dataset_id = call.parameters["id"]
    targets = adobe.resources.all(Kind.TARGET_CONNECTIONS)
    if any(target.document["params"]["dataSetId"] == dataset_id for target in targets):
        raise bad_request("the dataset is used by a target connection")
    if not adobe.datasets.delete(dataset_id):
        raise missing("no such dataset")
    return json_answer(200, [f"@/dataSets/{dataset_id}"])


def list_batches(adobe: Adobe, call: Call) -> Response:
    """`GET /batches?dataSet=…`: an object with the ids as names.

    The OpenAPI file has a 404 "The batch responses were not found" and does not say when; that it
    is the response for an unknown dataset is a guess.
    """
    dataset_id = call.first("dataSet")
    if dataset_id is not None and adobe.datasets.get(dataset_id) is None:
        raise missing("The batch responses were not found")
    batches = adobe.lake.batches(dataset_id)
    return json_answer(200, listed(call, batches, adobe.tenant, adobe.behavior.page_size))


def read_batch(adobe: Adobe, call: Call) -> Response:
    """`GET /batches/{id}`: an object with the id as name."""
    allow_parameters(call)
    batch = adobe.lake.batch(call.parameters["id"])
    if batch is None:
        raise missing("The specified batch was not found.")
    return json_answer(200, {batch.id: batch.document(adobe.tenant)})
