"""The closures that expressions are compiled to: each takes a scope and gives a JavaScript value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from towpath.expr.methods import Method, no_method
from towpath.expr.methods.arguments import Function
from towpath.expr.names import Run
from towpath.expr.operators import plus
from towpath.expr.properties import INHERITED_BY_OBJECTS, get_property
from towpath.expr.scope import Scope
from towpath.expr.values import UNDEFINED, JsError, OwnError, check_size, pair_surrogates, to_text, truthy


class MissingLinkError(Exception):
    """What ``?.`` found is null or undefined, so that the whole chain is undefined."""


def constant(value: object) -> Run:
    """Always the value."""
    return lambda _: value


def own_json(scope: Scope) -> object:
    """``$json``."""
    return scope.json


def path(root: Run, keys: Sequence[object]) -> Run:
    """``root.a.b``: a walk through plain objects, the commonest of all expressions."""
    if any(type(key) is not str or key in INHERITED_BY_OBJECTS for key in keys):
        return _any_path(root, keys)
    if root is not own_json:
        return _plain_path(root, keys)
    return _one_key_of_json(keys[0]) if len(keys) == 1 else _keys_of_json(keys)


def _any_path(root: Run, keys: Sequence[object]) -> Run:
    def read(scope: Scope) -> object:
        value = root(scope)
        for key in keys:
            value = get_property(value, key)
        return value

    return read


def _plain_path(root: Run, keys: Sequence[object]) -> Run:
    def read(scope: Scope) -> object:
        value = root(scope)
        for key in keys:
            value = value.get(key, UNDEFINED) if type(value) is dict else get_property(value, key)
        return value

    return read


def _keys_of_json(keys: Sequence[object]) -> Run:
    def read(scope: Scope) -> object:
        value = scope.json
        for key in keys:
            value = value.get(key, UNDEFINED) if type(value) is dict else get_property(value, key)
        return value

    return read


def _one_key_of_json(key: object) -> Run:
    def read(scope: Scope) -> object:
        value = scope.json
        return value.get(key, UNDEFINED) if type(value) is dict else get_property(value, key)

    return read


def member(target: Run, key: Run) -> Run:
    """``target[key]``."""
    return lambda scope: get_property(target(scope), key(scope))


def present(target: Run) -> Run:
    """The target of ``?.``: leaves the chain when it is null or undefined."""

    def read(scope: Scope) -> object:
        value = target(scope)
        if value is None or value is UNDEFINED:
            raise MissingLinkError
        return value

    return read


def chain(link: Run) -> Run:
    """A whole chain with ``?.`` in it."""

    def read(scope: Scope) -> object:
        try:
            return link(scope)
        except MissingLinkError:
            return UNDEFINED

    return read


def method(name: str, by_type: dict[type, Method], receiver: Run, arguments: Sequence[Run]) -> Run:
    """``receiver.name(arguments)``, chosen by the type that the receiver turns out to have."""

    def call(scope: Scope) -> object:
        value = receiver(scope)
        chosen = by_type.get(type(value))
        if chosen is None:
            raise _missing(scope, value)
        return chosen(value, [argument(scope) for argument in arguments])

    def call_without_arguments(scope: Scope) -> object:
        value = receiver(scope)
        chosen = by_type.get(type(value))
        if chosen is None:
            raise no_method(name, value)
        return chosen(value, ())

    def _missing(scope: Scope, value: object) -> Exception:
        """As in JavaScript, the arguments come first, and may throw too, unless null or undefined is looked into."""
        error = no_method(name, value)
        if isinstance(error, OwnError) or not (value is None or value is UNDEFINED):
            for argument in arguments:
                argument(scope)
        return error

    return call if arguments else call_without_arguments


def function(called: Function, arguments: Sequence[Run]) -> Run:
    """``function(arguments)``."""
    return lambda scope: called([argument(scope) for argument in arguments])


def unary(operation: Callable[[object], object], operand: Run) -> Run:
    """``operator operand``."""
    return lambda scope: operation(operand(scope))


def binary(operation: Callable[[object, object], object], left: Run, right: Run) -> Run:
    """``left operator right``."""
    return lambda scope: operation(left(scope), right(scope))


def binary_with(operation: Callable[[object, object], object], left: Run, right: object) -> Run:
    """``left operator constant``."""
    return lambda scope: operation(left(scope), right)


def plus_text(left: Run, text: str) -> Run:
    """``left + "text"``."""

    def join(scope: Scope) -> object:
        value = left(scope)
        # Plain ASCII cannot hold half of a surrogate pair, so joining it is joining.
        return value + text if type(value) is str and value.isascii() else plus(value, text)

    return join


def both(left: Run, right: Run) -> Run:
    """``left && right``."""

    def read(scope: Scope) -> object:
        value = left(scope)
        return right(scope) if truthy(value) else value

    return read


def either(left: Run, right: Run) -> Run:
    """``left || right``."""

    def read(scope: Scope) -> object:
        value = left(scope)
        return value if truthy(value) else right(scope)

    return read


def coalesce(left: Run, right: Run) -> Run:
    """``left ?? right``."""

    def read(scope: Scope) -> object:
        value = left(scope)
        return right(scope) if value is None or value is UNDEFINED else value

    return read


def conditional(test: Run, then: Run, otherwise: Run) -> Run:
    """``test ? then : otherwise``."""
    return lambda scope: then(scope) if truthy(test(scope)) else otherwise(scope)


def text_of(parts: Sequence[Run]) -> Run:
    """The parts as text, joined."""

    def join(scope: Scope) -> object:
        texts = [to_text(part(scope)) for part in parts]
        check_size(sum(map(len, texts)))
        joined = "".join(texts)
        return joined if joined.isascii() else pair_surrogates(joined)

    return join


def array(parts: Sequence[Run]) -> Run:
    """``[parts]``."""
    return lambda scope: [part(scope) for part in parts]


def object_of(keys: Sequence[Run], values: Sequence[Run]) -> Run:
    """``{keys: values}``."""
    pairs = list(zip(keys, values, strict=True))
    return lambda scope: {to_text(key(scope)): value(scope) for key, value in pairs}


def item_json(item: Run, *, optional: bool) -> Run:
    """``item.json``."""

    def read(scope: Scope) -> object:
        value = item(scope)
        if value is not UNDEFINED:
            return value
        raise MissingLinkError if optional else JsError("There is no item")

    return read


def wrapped_item(item: Run) -> Run:
    """An item as a value: its JSON under the key ``json``."""

    def read(scope: Scope) -> object:
        value = item(scope)
        return value if value is UNDEFINED else {"json": value}

    return read


def all_items(items: Callable[[Scope], Sequence[object]]) -> Run:
    """``.all()``: the items with their places, so that what is made of them is known to come from them."""
    return lambda scope: [{"json": item, "pairedItem": {"item": place}} for place, item in enumerate(items(scope))]


def unknown_identifier(name: str) -> Run:
    """A plain name that nothing defines: a ReferenceError when it is reached."""

    def read(_: Scope) -> object:
        raise JsError(f"{name} is not defined")

    return read
