"""A Hypothesis strategy for conditions of every shape."""

from __future__ import annotations

from hypothesis import strategies as st

from towpath.model.condition import (
    LIST_OPERATORS,
    OPERATORS,
    UNARY_OPERATORS,
    All,
    Any_,
    Changed,
    Comparison,
    Decreased,
    Field,
    Increased,
    Not,
    Was,
)

_names = st.sampled_from(["a", "b", "c", "a.b", "in", "Ünïcode", "odd name", "or.`x`", "back\\slash", "状态", "x-y"])
fields = st.builds(Field, _names)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["{{ $json.a }}", 'quo"te', "line\nbreak"])
)
_sides = fields | scalars
_operations = st.one_of(
    st.tuples(st.sampled_from(sorted(UNARY_OPERATORS)), st.none()),
    st.tuples(st.sampled_from(["in", "not_in"]), st.lists(_sides, max_size=3).map(tuple) | fields | st.text()),
    st.tuples(st.just("between"), st.tuples(_sides, _sides) | fields | st.text()),
    st.tuples(
        st.sampled_from([operator for operator in OPERATORS if operator not in LIST_OPERATORS | UNARY_OPERATORS]),
        _sides | st.lists(_sides, max_size=3).map(tuple),
    ),
)
_leaves = st.one_of(
    st.tuples(_sides, _operations).map(lambda parts: Comparison(parts[0], *parts[1])),
    st.tuples(fields, _operations).map(lambda parts: Was(parts[0], *parts[1])),
    st.builds(Changed, fields),
    st.builds(Increased, fields),
    st.builds(Decreased, fields),
)
conditions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=4).map(lambda parts: Any_(tuple(parts))),
        st.builds(Not, inner),
    ),
    max_leaves=12,
)
