"""Parameters of nodes: Pydantic models whose values may be expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Generic, TypeVar, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationError,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from towpath.errors import NodeError, TowpathError, Where
from towpath.expr import Scope, Template, compile_template, is_template
from towpath.expr.foreign import Evaluator

T = TypeVar("T")


class NodeParams(BaseModel):
    """Base of every node type's parameters; unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Dynamic(Generic[T]):
    """A parameter value of type T, or an expression that gives one for each item.

    A literal is validated once, when the workflow is checked; the value of an expression when it is known.
    """

    __slots__ = ("adapter", "fitting", "literal", "plain", "source", "template")

    def __init__(
        self, value: Any, adapter: TypeAdapter[Any] | None, *, plain: bool, fitting: type | None = None
    ) -> None:
        self.adapter = adapter
        self.fitting = fitting  # values of exactly this type fit as they are
        self.source = value  # as it was written
        self.plain = plain
        self.literal = value if plain else None
        self.template: Template | None = None if plain else compile_template(value)

    def evaluate(self, scopes: Sequence[Scope], sandbox: Evaluator | None = None) -> list[Any]:
        """One value per scope; a value that does not fit, or that the sandbox gave up, is an error in its place."""
        if self.template is None:
            return [self.literal] * len(scopes)
        values = self.template.evaluate(scopes, sandbox)
        if self.adapter is None:
            return values
        fitting, fit = self.fitting, self._fit
        return [value if type(value) is fitting else fit(value) for value in values]

    def of_json(self, rows: Sequence[Any]) -> list[Any] | None:
        """As ``evaluate``, from nothing but the JSON of the items; None where each of them needs its scope."""
        if self.template is None:
            return [self.literal] * len(rows)
        values = self.template.column(rows) if self.template.column is not None else None
        if values is None:
            return None
        if self.adapter is None or set(map(type, values)) == {self.fitting}:
            return list(values)
        return [value if type(value) is self.fitting else self._fit(value) for value in values]

    def _fit(self, value: Any) -> Any:
        if self.adapter is None or isinstance(value, TowpathError):
            return value
        try:
            return self.adapter.validate_python(value)
        except ValidationError as error:
            return NodeError(
                f"the expression gave {value!r}: {error.errors()[0]['msg'].lower()}",
                code="node.parameter_value",
                hint="Check the expression against a real item.",
            )

    def __repr__(self) -> str:
        return f"Dynamic({self.source!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        (inner,) = get_args(source) or (Any,)
        adapter = None if inner is Any else TypeAdapter(inner)
        literal = handler.generate_schema(inner)

        def validate(value: Any, fits: core_schema.ValidatorFunctionWrapHandler) -> Dynamic[Any]:
            if isinstance(value, Dynamic):
                return value
            if has_template(value):
                return cls(value, adapter, plain=False, fitting=_FITTING.get(inner))
            return cls(fits(value), adapter, plain=True)

        return core_schema.no_info_wrap_validator_function(
            validate, literal, serialization=core_schema.plain_serializer_function_ser_schema(_written)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "x-expression": True}


def _written(value: Dynamic[Any]) -> Any:
    """The value as JSON: an expression as it was written, a literal in its plain form."""
    if not value.plain or value.adapter is None:
        return value.source
    return value.adapter.dump_python(value.source, mode="json")


class HoldsDynamics:
    """Base of parameter values that have expressions inside and are no Pydantic models (a written condition)."""

    __slots__ = ()

    def inside(self) -> Mapping[str, Dynamic[Any]]:
        """The expressions by their place in the value."""
        raise NotImplementedError


Text = Annotated[str, Field(coerce_numbers_to_str=True)]  # so that an expression that gives 5 is the text "5"


_FITTING: dict[Any, type] = {str: str, Text: str, dict[str, Any]: dict}  # whatever JSON of that kind there is


def has_template(value: Any) -> bool:
    """Whether any text inside a JSON value is an expression."""
    if isinstance(value, str):
        return is_template(value)
    if isinstance(value, dict):
        return any(has_template(part) for part in value.values())
    if isinstance(value, list | tuple):
        return any(has_template(part) for part in value)
    return False


def dynamics(params: BaseModel) -> list[tuple[str, Dynamic[Any]]]:
    """All dynamic values of a parameter model with their field paths, nested models included."""
    return list(_dynamics("", params))


def _dynamics(path: str, value: Any) -> Iterator[tuple[str, Dynamic[Any]]]:
    if isinstance(value, Dynamic):
        yield path, value
        return
    for place, part in _parts(path, value):
        yield from _dynamics(place, part)


def _parts(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """What is directly inside a parameter value, with its path."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield (f"{path}.{name}" if path else name), getattr(value, name)
    elif isinstance(value, list | tuple):
        yield from ((f"{path}[{index}]", part) for index, part in enumerate(value))
    elif isinstance(value, dict):
        yield from ((f"{path}.{name}", part) for name, part in value.items())
    elif isinstance(value, HoldsDynamics):
        yield from ((f"{path}[{name}]", part) for name, part in value.inside().items())


def parameter_error(error: ValidationError, node: str) -> list[NodeError]:
    """Pydantic's findings as our errors, one per field."""
    return [
        NodeError(
            detail["msg"],
            code="node.parameter",
            where=Where(node=node, field=".".join(str(part) for part in detail["loc"])),
        )
        for detail in error.errors()
    ]
