"""The cold start by part, as a picture."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

_COLOURS = {
    "runtime": "#8c8c8c",
    "standard library": "#4c78a8",
    "TLS, calls and the rest": "#d9d9d9",
    "inlet bridge": "#54a24b",
    "aws_lambda_powertools": "#f58518",
    "pydantic": "#b279a2",
    "boto3 and botocore": "#e45756",
    "requests and urllib3": "#72b7b2",
    "other libraries": "#eeca3b",
}
_MEMBERS = {
    "boto3": "boto3 and botocore",
    "botocore": "boto3 and botocore",
    "s3transfer": "boto3 and botocore",
    "jmespath": "boto3 and botocore",
    "dateutil": "boto3 and botocore",
    "requests": "requests and urllib3",
    "urllib3": "requests and urllib3",
    "certifi": "requests and urllib3",
    "idna": "requests and urllib3",
    "charset_normalizer": "requests and urllib3",
    "pydantic_core": "pydantic",
    "annotated_types": "pydantic",
    "typing_inspection": "pydantic",
    "handler": "inlet bridge",
}
REST = "TLS, calls and the rest"
_TITLE = "Cold start by part, CPU ms to the first answer"
_LEFT, _WIDTH, _ROW, _BAR, _TOP, _COLUMNS = 210, 620, 34, 22, 30, 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One subject: its median and the milliseconds of its parts, which need not fill it."""

    name: str
    total: float
    parts: Mapping[str, float]


def parts(packages: Mapping[str, float], total: float) -> dict[str, float]:
    """Packages as the picture's parts, and what no import accounts for."""
    found = dict.fromkeys(_COLOURS, 0.0)
    for package, spent in packages.items():
        part = _MEMBERS.get(package, package)
        found[part if part in found else "other libraries"] += spent
    found[REST] = max(total - sum(found.values()), 0.0)
    return {part: spent for part, spent in found.items() if spent}


def picture(bars: Sequence[Bar]) -> str:
    """A stacked bar per subject, as SVG."""
    longest = max(sum(bar.parts.values()) for bar in bars)
    used = [part for part in _COLOURS if any(part in bar.parts for bar in bars)]
    legend = _TOP + _ROW * len(bars) + 12
    width, height = _LEFT + _WIDTH + 90, legend + 24 * -(-len(used) // _COLUMNS)
    view = f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {view}>',
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            f'<text x="10" y="18" font-weight="bold">{_TITLE}</text>',
            *(line for index, bar in enumerate(bars) for line in _bar(bar, index, longest)),
            *(line for index, part in enumerate(used) for line in _key(part, index, legend)),
            "</svg>\n",
        ]
    )


def _bar(bar: Bar, index: int, longest: float) -> Iterator[str]:
    x, y = float(_LEFT), _TOP + index * _ROW
    yield f'<text x="10" y="{y + 16}">{escape(bar.name)}</text>'
    for part, spent in bar.parts.items():
        width = spent * _WIDTH / longest
        shape = f'x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}"'
        told = f"<title>{escape(part)}: {spent:.0f} ms</title>"
        yield f'<rect {shape} fill="{_COLOURS[part]}">{told}</rect>'
        x += width
    yield f'<text x="{x + 6:.1f}" y="{y + 16}">{bar.total:.0f}</text>'


def _key(part: str, index: int, top: int) -> Iterator[str]:
    x, y = 10 + index % _COLUMNS * 290, top + index // _COLUMNS * 24
    yield f'<rect x="{x}" y="{y}" width="12" height="12" fill="{_COLOURS[part]}"/>'
    yield f'<text x="{x + 18}" y="{y + 11}">{escape(part)}</text>'
