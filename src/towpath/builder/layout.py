"""Places nodes on the canvas: columns by distance from the beginning, branches below each other in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

COLUMN, ROW = 240, 120  # pixels


def layout(nodes: Iterable[str], edges: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """A place (x, y) for every node. The engine runs branches from top to bottom, so their order is kept."""
    following: dict[str, list[str]] = {node_id: [] for node_id in nodes}
    for source, target in edges:
        if source in following and target in following:
            following[source].append(target)
    order = _order(following)
    columns = _columns(order, following)
    rows = _rows(order, columns, following)
    return {node_id: (columns[node_id] * COLUMN, rows[node_id] * ROW) for node_id in following}


def _order(following: Mapping[str, Sequence[str]]) -> list[str]:
    """Depth first, the first branch first; a node comes after all that lead to it, ways back left out."""
    targets = {target for step in following.values() for target in step}
    seen: set[str] = set()
    finished: list[str] = []
    backwards = list(following)[::-1]
    for root in [*(node_id for node_id in backwards if node_id not in targets), *backwards]:
        if root in seen:
            continue
        seen.add(root)
        walk = [(root, iter(following[root][::-1]))]
        while walk:
            node_id, rest = walk[-1]
            step = next((target for target in rest if target not in seen), None)
            if step is None:
                finished.append(node_id)
                walk.pop()
            else:
                seen.add(step)
                walk.append((step, iter(following[step][::-1])))
    return finished[::-1]


def _columns(order: Sequence[str], following: Mapping[str, Sequence[str]]) -> dict[str, int]:
    place = {node_id: index for index, node_id in enumerate(order)}
    columns = dict.fromkeys(order, 0)
    for node_id in order:
        for target in following[node_id]:
            if place[target] > place[node_id]:
                columns[target] = max(columns[target], columns[node_id] + 1)
    return columns


def _rows(order: Sequence[str], columns: Mapping[str, int], following: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Beside the node before, but below its earlier branches and whatever stands in the column already."""
    rows: dict[str, int] = {}
    free: dict[int, int] = {}  # the first free row of each column
    before: dict[str, list[str]] = {node_id: [] for node_id in order}
    for node_id in order:
        for target in following[node_id]:
            before[target].append(node_id)
    for node_id in order:
        least = free.get(columns[node_id], 0)
        for source in before[node_id]:
            branches = following[source][: following[source].index(node_id)]
            least = max(least, rows.get(source, 0), *(rows[branch] + 1 for branch in branches if branch in rows))
        rows[node_id] = least
        free[columns[node_id]] = least + 1
    return rows
