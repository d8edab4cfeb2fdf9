"""What tests of the responses of the inlet share."""

from hypothesis import strategies as st

UNKNOWN_FORMAT = (
    "the inlet returned 400: unknown XDM format; the flow's dataset or schema may be gone "
    "or changed, see inlet status"
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
