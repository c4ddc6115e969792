"""Places on the canvas: no two nodes on one spot, to the right of what comes before, branches in their order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from towpath.builder.layout import layout

graphs = st.integers(1, 12).flatmap(
    lambda count: st.tuples(
        st.just([str(number) for number in range(count)]),
        st.lists(st.tuples(st.integers(0, count - 1).map(str), st.integers(0, count - 1).map(str)), max_size=20),
    )
)


@given(graphs)
def test_every_node_has_a_place_of_its_own(graph: tuple[list[str], list[tuple[str, str]]]) -> None:
    nodes, edges = graph
    places = layout(nodes, edges)
    assert list(places) == nodes
    assert len(set(places.values())) == len(nodes)


@given(graphs)
def test_without_cycles_edges_lead_to_the_right(graph: tuple[list[str], list[tuple[str, str]]]) -> None:
    nodes, edges = graph
    forward = [(source, target) for source, target in edges if int(source) < int(target)]
    places = layout(nodes, forward)
    assert all(places[source][0] < places[target][0] for source, target in forward)


@given(st.recursive(st.just([]), lambda inner: st.lists(inner, max_size=3), max_leaves=12))
def test_branches_of_a_tree_stand_below_each_other_in_their_order(tree: list[object]) -> None:
    edges: list[tuple[str, str]] = []
    children: dict[str, list[str]] = {}

    def grow(name: str, branches: list[object]) -> None:
        children[name] = [f"{name}.{index}" for index, _ in enumerate(branches)]
        for child, branch in zip(children[name], branches, strict=True):
            edges.append((name, child))
            grow(child, branch)  # type: ignore[arg-type]

    grow("r", tree)
    places = layout(children, edges)
    for below in children.values():
        rows = [places[child][1] for child in below]
        assert rows == sorted(set(rows))


def test_a_straight_line_stays_straight() -> None:
    assert layout("abc", [("a", "b"), ("b", "c")]) == {"a": (0, 0), "b": (240, 0), "c": (480, 0)}


def test_edges_to_nowhere_are_passed_over() -> None:
    assert layout(["a"], [("a", "gone"), ("gone", "a")]) == {"a": (0, 0)}
