"""n8n's XML."""

from __future__ import annotations

from typing import Any

from towpath.formats.n8n.dialect import Dialect, Given, Json, Mapped

_FLAGS = {"explicitArray": "lists", "ignoreAttrs": "ignore_attributes", "normalizeTags": "lower_case", "trim": "trim"}


def read(given: Given) -> Mapped:
    """Attributes stand beside children unless they are to be apart."""
    params: dict[str, Any] = {"field": str(given.fixed("dataPropertyName"))}
    if given.fixed("options.charkey", "_") != "_":
        params["text"] = str(given.fixed("options.charkey"))
    if given.fixed("mode") == "jsonToxml":
        given.refuse("options.cdata", "options.allowSurrogateChars")
        params["mode"] = "to_xml"
        if given.fixed("options.attrkey", "$") != "$":
            params["attributes"] = str(given.fixed("options.attrkey"))
        if given.fixed("options.rootName", "root") != "root":
            params["root_name"] = str(given.fixed("options.rootName"))
        if given.fixed("options.headless", False):
            params["header"] = False
        return Mapped("data.xml", params)
    given.refuse("options.normalize")
    if given.fixed("options.mergeAttrs", True) is False:
        params["attributes"] = str(given.fixed("options.attrkey", "$"))
    if given.fixed("options.explicitRoot", True) is False:
        params["root"] = False
    params |= {name: True for option, name in _FLAGS.items() if given.fixed(f"options.{option}", False)}
    return Mapped("data.xml", params)


def write(params: Json) -> Json | None:
    """XML in files cannot be said."""
    if "file" in params:
        return None
    options: dict[str, Any] = {"charkey": params["text"]} if "text" in params else {}
    made = {"dataPropertyName": params.get("field", "data"), "options": options}
    if params.get("mode", "to_json") == "to_xml":
        options |= {option: params[name] for option, name in (("attrkey", "attributes"), ("rootName", "root_name"))
                    if name in params}  # fmt: skip
        options |= {"headless": True} if params.get("header") is False else {}
        return {**made, "mode": "jsonToxml"}
    options |= {option: True for option, name in _FLAGS.items() if params.get(name)}
    options |= {"mergeAttrs": False, "attrkey": params["attributes"]} if "attributes" in params else {}
    options |= {"explicitRoot": False} if params.get("root") is False else {}
    return {**made, "mode": "xmlToJson"}


dialect = Dialect(
    "n8n-nodes-base.xml",
    (1,),
    read,
    {1: {"mode": "xmlToJson", "dataPropertyName": "data", "options": {}}},
    target="data.xml",
    write=write,
)
