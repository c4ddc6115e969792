"""n8n's Merge: several branches become one."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped, UnmappedError

_JOINS = {"keepMatches": "inner", "keepNonMatches": "unmatched", "keepEverything": "outer", "enrichInput1": "left",
          "enrichInput2": "right"}  # fmt: skip
_OLD_JOINS = {"inner": "inner", "left": "left", "outer": "outer"}
_CLASHES = {"preferInput1": "first", "preferInput2": "last", "preferLast": "last", "addSuffix": "suffix"}


def read(given: Given) -> Mapped:
    """The names of modes changed with every version."""
    params = _version_1(given) if given.version < 2 else _version_2(given)
    count = int(given.fixed("numberInputs", 2)) if given.version >= 3 else 2
    if not 2 <= count <= 16:
        raise UnmappedError(f"it has {count} inputs; Towpath merges up to 16")
    if count != 2:
        params["inputs"] = count
    return Mapped("logic.merge", params, inputs=tuple(f"in{number}" for number in range(1, count + 1)))


def _version_1(given: Given) -> dict[str, Any]:
    mode = given.fixed("mode")
    if mode == "append":
        return {}
    if mode == "passThrough":
        return {"mode": "choose", "choose": 2 if given.fixed("output", "input1") == "input2" else 1}
    if mode == "wait":
        return {"mode": "choose", "choose": 1}
    if mode == "multiplex":
        return {"mode": "all"}
    if mode == "mergeByIndex":
        alone: dict[str, dict[str, Any]] = {"inner": {"unpaired": False}, "left": {"join": "left"}}
        return {"mode": "position", **alone.get(str(given.fixed("join", "left")), {})}
    if mode == "keepKeyMatches":
        return {
            "mode": "key",
            "keys": _pair(given, "propertyName1", "propertyName2"),
            "give": "first",
            "matches": "first",
        }
    if mode == "removeKeyMatches":
        keys = _pair(given, "propertyName1", "propertyName2")
        return {"mode": "key", "keys": keys, "join": "unmatched", "give": "first"}
    if mode == "mergeByKey":
        return {"mode": "key", "keys": _pair(given, "propertyName1", "propertyName2"), "join": "left"}
    raise UnmappedError(f"its mode {mode!r} has no counterpart in Towpath", "Use Merge with 'Keep Matches'.")


def _version_2(given: Given) -> dict[str, Any]:
    mode = given.fixed("mode")
    if mode == "append":
        return {}
    if mode == "chooseBranch":
        if given.fixed("output", "specifiedInput") == "empty":
            raise UnmappedError("it gives one empty item when all branches have come")
        chosen = str(given.fixed("useDataOfInput", given.fixed("output", "1")))
        number = int(chosen.removeprefix("input") or 1) if chosen[-1:].isdigit() else 1
        return {"mode": "choose", "choose": number, "complete": True}
    how = given.fixed("combineBy" if given.version >= 3 else "combinationMode")
    if mode != "combine":
        raise UnmappedError(f"its mode {mode!r} has no counterpart in Towpath", "Use a combine mode, or a Code node.")
    if how in ("combineAll", "multiplex"):
        return {"mode": "all", **_clash(given)}
    if how in ("combineByPosition", "mergeByPosition"):
        unpaired = given.fixed("options.includeUnpaired", False)
        return {"mode": "position", **({} if unpaired else {"unpaired": False}), **_clash(given)}
    return _by_key(given)


def _by_key(given: Given) -> dict[str, Any]:
    if given.fixed("advanced", given.version < 3):
        rows = given.rows("mergeByFields.values")
        keys: list[Any] = [[str(row.get("field1", "")), str(row.get("field2", ""))] for row in rows]
    else:
        keys = list(given.names("fieldsToMatchString"))
    if not keys or any(not part for key in keys for part in ([key] if isinstance(key, str) else key)):
        raise UnmappedError("it does not say by which fields items belong together")
    given.refuse("options.disableDotNotation")
    keys = [key[0] if isinstance(key, list) and key[0] == key[1] else key for key in keys]
    join = str(given.fixed("joinMode"))
    if join not in _JOINS:
        raise UnmappedError(f"its output {join!r} has no counterpart in Towpath")
    params: dict[str, Any] = {"mode": "key", "keys": keys}
    source = given.fixed("outputDataFrom", "both")
    if join in ("keepMatches", "keepNonMatches") and source in ("input1", "input2"):
        params["give"] = "first" if source == "input1" else "last"
    if given.fixed("options.fuzzyCompare", False):
        params["loose"] = True
    if join != "keepMatches":
        params["join"] = _JOINS[join]
    if given.fixed("options.multipleMatches", "all") == "first":
        params["matches"] = "first"
    return {**params, **_clash(given)}


def _clash(given: Given) -> dict[str, Any]:
    values = given.fixed("options.clashHandling.values.resolveClash", "preferLast")
    clash = _CLASHES.get(str(values), "last")
    return {} if clash == "last" else {"clash": clash}


def _pair(given: Given, one: str, other: str) -> list[Any]:
    first, second = str(given.fixed(one, "")), str(given.fixed(other, ""))
    if not first or not second:
        raise UnmappedError("it does not say by which fields items belong together")
    return [first if first == second else [first, second]]


def write(params: Json) -> Json | None:
    """The modes that both know."""
    mode = params.get("mode", "append")
    made: dict[str, Any] = {"mode": mode, "options": {}}
    if "inputs" in params:
        made["numberInputs"] = params["inputs"]
    if mode == "choose" and "choose" in params and params.get("complete"):
        made |= {"mode": "chooseBranch", "useDataOfInput": str(params["choose"])}
    elif mode == "all":
        made |= {"mode": "combine", "combineBy": "combineAll"}
    elif mode == "position" and params.get("join") not in ("left", "right"):
        made |= {"mode": "combine", "combineBy": "combineByPosition"}
        made["options"] = {"includeUnpaired": True} if params.get("unpaired", True) else {}
    elif mode == "key":
        made |= _write_keys(params)
    elif mode != "append":
        return None
    if params.get("clash") in ("first", "suffix"):
        word = "preferInput1" if params["clash"] == "first" else "addSuffix"
        made["options"]["clashHandling"] = {"values": {"resolveClash": word}}
    return made


def _write_keys(params: Json) -> dict[str, Any]:
    rows = [{"field1": k, "field2": k} if isinstance(k, str) else {"field1": k[0], "field2": k[-1]}
            for k in params.get("keys", ())]  # fmt: skip
    words = {join: word for word, join in _JOINS.items()}
    return {
        "mode": "combine",
        "combineBy": "combineByFields",
        "advanced": True,
        "mergeByFields": {"values": rows},
        "joinMode": words[params.get("join", "inner")],
        "outputDataFrom": {"first": "input1", "last": "input2"}.get(params.get("give", "both"), "both"),
        "options": {
            **({"multipleMatches": "first"} if params.get("matches") == "first" else {}),
            **({"fuzzyCompare": True} if params.get("loose") else {}),
        },
    }


_OPTIONS: Json = {"options": {}}
dialect = Dialect(
    "n8n-nodes-base.merge",
    (1, 2, 2.1, 3, 3.1, 3.2),
    read,
    {
        1: {"mode": "append", "join": "left", "output": "input1"},
        2: {"mode": "append", "combinationMode": "mergeByFields", "joinMode": "keepMatches", **_OPTIONS},
        3: {"mode": "append", "combineBy": "combineByFields", "joinMode": "keepMatches", **_OPTIONS},
    },
    target="logic.merge",
    write=write,
    writes=3,
)
