"""The plan of what goes wrong."""

from adobe_emulator.faults import AnswerWith, Fault, FaultPlan, Poison, Service

PATHS = {
    Service.IMS: "/ims/token/v3",
    Service.FLOW_SERVICE: "/data/foundation/flowservice/flows",
    Service.DATA_PREP: "/data/foundation/conversion/mappingSets",
    Service.CATALOG: "/data/foundation/catalog/dataSets",
    Service.SCHEMA_REGISTRY: "/data/foundation/schemaregistry/tenant/schemas/1",
    Service.DATA_HYGIENE: "/data/core/hygiene/ttl",
    Service.DATA_ACCESS: "/data/foundation/export/batches/1/failed",
    Service.IDENTITY_SERVICE: "/data/core/idnamespace/identities",
    Service.SANDBOXES: "/data/foundation/sandbox-management/sandboxes/prod",
    Service.INLET: "/collection/batch/0",
}


def test_fault_for_a_service_matches_that_service_only() -> None:
    for service in Service:
        matched = [s for s, path in PATHS.items() if Fault(service=service).matches("POST", path)]

        assert matched == [service]


def test_fault_for_anything_matches_anything() -> None:
    assert all(Fault().matches("POST", path) for path in PATHS.values())


def test_fault_is_drawn_as_often_as_it_was_planned() -> None:
    plan = FaultPlan()
    plan.add(Fault(times=2))
    drawn = [plan.draw("GET", "/") is not None for _ in range(3)]

    assert drawn == [True, True, False]
    assert plan.pending == ()


def test_fault_without_an_end_stays_until_it_is_cleared() -> None:
    plan = FaultPlan()
    plan.add(Fault(times=None))
    drawn = [plan.draw("GET", "/") is not None for _ in range(5)]
    plan.clear()

    assert all(drawn)
    assert plan.draw("GET", "/") is None


def test_request_draws_the_oldest_fault_that_matches() -> None:
    plan = FaultPlan()
    first, second = Fault(method="POST"), Fault(effect=AnswerWith(500))
    plan.add(first)
    plan.add(second)

    assert plan.draw("GET", "/") == second
    assert plan.pending == (first,)


def test_poison_is_found_by_its_marker_until_it_is_cleared() -> None:
    plan = FaultPlan()
    plan.poison(Poison("gift ä"))
    found = plan.poison_in("a gift ä for you".encode())
    missed = plan.poison_in(b"nothing")
    plan.clear()

    assert found == Poison("gift ä")
    assert missed is None
    assert plan.poison_in("a gift ä for you".encode()) is None
