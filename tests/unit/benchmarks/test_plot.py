"""The picture of the cold start."""

from xml.etree import ElementTree as ET

from benchmarks.plot import REST, Bar, parts, picture


def test_the_parts_make_up_the_total() -> None:
    found = parts({"boto3": 30.0, "botocore": 70.0, "left-pad": 5.0, "handler": 1.0}, 150.0)

    assert found == {
        "inlet bridge": 1.0,
        "boto3 and botocore": 100.0,
        "other libraries": 5.0,
        REST: 44.0,
    }


def test_profiled_imports_that_exceed_the_total_leave_no_rest() -> None:
    """Profiling makes imports slower."""
    assert parts({"boto3": 200.0}, 150.0) == {"boto3 and botocore": 200.0}


def test_the_picture_is_svg_with_a_bar_and_a_number_for_each_subject() -> None:
    bars = [Bar("a & b", 100.0, {REST: 100.0}), Bar("c", 50.0, {REST: 50.0})]
    root = ET.fromstring(picture(bars))  # noqa: S314 (ours)

    texts = [element.text for element in root if element.tag.endswith("text")]
    assert texts[1:] == ["a & b", "100", "c", "50", REST]
    widths = [float(element.attrib["width"]) for element in root if len(element)]
    assert widths[0] == 2 * widths[1]
