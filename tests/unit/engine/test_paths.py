"""Reading fields by path, one item at a time or a whole column."""

from hypothesis import given
from hypothesis import strategies as st

from towpath.engine.paths import column, read

ROWS = st.lists(
    st.dictionaries(
        st.sampled_from(["a", "b", "a.b"]), st.none() | st.integers() | st.fixed_dictionaries({"b": st.text()})
    )
)


@given(ROWS, st.sampled_from(["a", "b", "a.b", "a.b.c", "none"]))
def test_a_column_is_what_reading_each_item_gives(rows, path):
    assert column(rows, path) == [read(row, path) for row in rows]
