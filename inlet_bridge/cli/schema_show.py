"""Print the fields of the schema of a deployed flow."""

from inlet_bridge.cli.listing import Listing
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.mapping.deployment import DeployedConnection, DeployedSchemas
from inlet_bridge.operations.configuration.connection_names import connection_names
from inlet_bridge.operations.configuration.known_connections import require_connection
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import InvalidPropertyError, OperationError
from inlet_bridge.operations.provisioner import Provisioner
from inlet_bridge.plain_text import plain_json
from inlet_bridge.schemas.fields import SchemaField, schema_fields


def show_fields(destination: str, below: str, stack: str, *, as_json: bool) -> None:
    """Print the fields of a flow's schema with their types.

    Args:
        destination: CONNECTION/FLOW, or a connection with one flow; empty for the only one.
        below: a field, whose own fields are printed; empty for all.
        stack: of the deployment.
        as_json: print JSON.
    """
    with report_operation_errors() as screen:
        stage = Deployed(stack)
        connection, _, flow = (destination.strip("/") or _only_connection(stage)).partition("/")
        if "/" in flow:
            flow, _, field = flow.partition("/")
            raise OperationError(
                f"{destination} has a field after the flow; a space separates them",
                hint=f"`inlet schema show {connection}/{flow} {_with_dots(field)}`",
            )
        try:
            deployed = DeployedConnection(Provisioner(stage), connection).schemas()
        except InvalidPropertyError:
            _refuse_dot(stage, destination)
            way_out = "Name the connection of {}: `inlet schema show CONNECTION`."
            require_connection(stage, connection, way_out)
            raise
        flow = flow or _only(deployed, connection, below)
        if flow not in deployed.flows:
            there = ", ".join(deployed.flows)
            raise OperationError(f"connection {connection} has no flow {flow}; there is {there}")
        if flow not in deployed.schemas:
            raise OperationError(
                f"the schema of {connection}/{flow} cannot be read", hint="`inlet doctor` says why."
            )
        fields = _fields(deployed, f"{connection}/{flow}", below)
        if "/" in below:
            raise OperationError(
                f"the schema has no field {below}; dots separate its levels",
                hint=f"`inlet schema show {connection}/{flow} {_with_dots(below)}`",
            )
        if as_json:
            screen.write(plain_json({"fields": [each._asdict() for each in fields]}) + "\n")
            return
        table = Listing("Field", "Type", "")
        for each in fields:
            table.add_row(each.path, each.kind, "required" if each.is_required else "")
        screen.print(table)


def _fields(deployed: DeployedSchemas, destination: str, below: str) -> list[SchemaField]:
    """The fields of the flow `{connection}/{flow}` below one, or all. Raises OperationError."""
    connection, _, flow = destination.partition("/")
    try:
        return list(schema_fields(deployed.schemas[flow], _with_dots(below)))
    except OperationError:
        if below in deployed.flows:
            raise _is_flow(connection, below) from None
        raise


def _is_flow(connection: str, flow: str) -> OperationError:
    return OperationError(
        f"{flow} is a flow of connection {connection}; is it {connection}/{flow}?",
        hint=f"A slash separates the connection and its flow: `inlet schema show {connection}/"
        f"{flow}`",
    )


def _with_dots(field: str) -> str:
    """The path of a field that may be written with slashes, as Adobe's JSON Patch does."""
    return field.strip("/").replace("/", ".")


def _refuse_dot(stage: Deployed, destination: str) -> None:
    """Raise OperationError if a dot is in place of the slash between connection and flow."""
    connection, dot, flow = destination.partition(".")
    if dot and "/" not in destination and connection in connection_names(stage):
        raise OperationError(
            f"there is no connection {destination}; is it {connection}/{flow}?",
            hint="A slash separates the connection and its flow.",
        )


def _only_connection(stage: Deployed) -> str:
    """The name of the only connection. Raises OperationError, with the names of several."""
    names = connection_names(stage)
    if len(names) == 1:
        return names[0]
    if not names:
        raise OperationError(
            f"no connection is deployed in {stage.stack}",
            hint="Deploy sources.yaml, which has one.",
        )
    raise OperationError(
        f"there are several connections: {', '.join(names)}",
        hint=f"Name one: `inlet schema show {names[0]}`.",
    )


def _only(deployed: DeployedSchemas, connection: str, below: str) -> str:
    """The name of the only flow. Raises OperationError, with the names of several."""
    if len(deployed.flows) == 1:
        return deployed.flows[0]
    if below in deployed.flows:
        raise _is_flow(connection, below)
    raise OperationError(
        f"connection {connection} has several flows: {', '.join(deployed.flows)}",
        hint=f"Name one: {connection}/FLOW.",
    )
