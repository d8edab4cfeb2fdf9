"""A source whose Privacy is compared with the values of its Map."""

from tests.support.provisioner_cloud import Cloud


def test_source_with_privacy_and_a_number_in_its_map_is_deployed(cloud: Cloud) -> None:
    """CloudFormation sends the number as a text, and the warnings follow the deployment."""
    assert cloud.send("connection-create")["Status"] == "SUCCESS"
    mapped = {"orders": {"value": "1"}, "email": "body.email"}
    routes = [{"Flow": "orders", "Map": mapped}]

    created = cloud.send("source-create", Routes=routes, Privacy={"Drop": ["email"]})

    assert created["Status"] == "SUCCESS", created["Reason"]
    assert "Routes.0.Map.email reads body.email, which Privacy drops" in created["Reason"]
