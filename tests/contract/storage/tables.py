"""Tables that the contract suite works with, and conditions over them."""

from __future__ import annotations

from towpath.model.condition import Comparison, Condition, Field
from towpath.model.table import Column, Index, Table

THING = Table(
    "thing",
    (
        Column("id", required=True),
        Column("name"),
        Column("size", "integer"),
        Column("weight", "real"),
        Column("ready", "boolean"),
        Column("tags", "json"),
        Column("data", "bytes"),
    ),
    indexes=(
        Index(("name",), unique=True, where=Comparison(Field("ready"), "==", True)),
        Index(("size", "name")),
        Index(("weight",), where=Comparison(Field("weight"), "is_not_empty")),
    ),
)
SEARCHED = Table("searched", THING.columns, indexes=(Index(("name",)), Index(("weight",))))
PAIR = Table("pair", (Column("left"), Column("right", "integer"), Column("note")), key=("left", "right"))
ODD = Table(
    'odd "table"; -- 表',
    (Column('the "key"'), Column("select"), Column("a.b, c"), Column("Größe 表", "integer"), Column("?1 %s :x")),
    key=('the "key"',),
    indexes=(Index(("select", "a.b, c"), unique=True), Index(("Größe 表",))),
)


def is_(name: str, operator: str, value: object = None) -> Condition:
    """A comparison of a field, in one short word."""
    return Comparison(Field(name), operator, value)  # type: ignore[arg-type]
