"""XML to JSON, and JSON to XML."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from towpath.engine.batch import Batch
from towpath.engine.files import file_bytes
from towpath.engine.node import NodeType
from towpath.engine.params import NodeParams
from towpath.engine.paths import MISSING, look, write
from towpath.errors import FormatError, NodeError, Where, did_you_mean
from towpath.formats.xml_json import XmlOptions, json_to_xml, xml_to_json


class Params(NodeParams):
    """Which way it goes, and how attributes and texts are named."""

    mode: Literal["to_json", "to_xml"] = Field("to_json", description="What is made.")
    field: str = Field(
        "data", min_length=1, description="With to_json: the field with the XML. With to_xml: the field it is put into."
    )
    file: str | None = Field(None, min_length=1, description="With to_json: the name of a file with it instead.")
    attributes: str | None = Field(
        None,
        description="The name under which attributes stand; with to_json, beside the children where none is given.",
    )
    text: str = Field("_", min_length=1, description="The name of the text of an element that has more than text.")
    root: bool = Field(True, description="With to_json: the root element is a field; otherwise its content the item.")
    root_name: str = Field(
        "root", min_length=1, description="With to_xml: the root element of objects with more fields."
    )
    lists: bool = Field(False, description="With to_json: children are always lists, not only where there are several.")
    ignore_attributes: bool = Field(False, description="With to_json: attributes are left out.")
    lower_case: bool = Field(False, description="With to_json: names in small letters.")
    trim: bool = Field(False, description="With to_json: texts without white space around.")
    header: bool = Field(True, description="With to_xml: begin with the line <?xml ...?>.")


def run(batch: Batch[Params]) -> None:
    """One item out for each."""
    params = batch.params
    for position in batch.live():
        try:
            if params.mode == "to_xml":
                named = {"root": params.root_name, "attributes": params.attributes or "$", "text": params.text}
                made = json_to_xml(batch.items[position].json, header=params.header, **named)
                batch.derive(position, write({}, params.field, made))
            else:
                _read(batch, position)
        except FormatError as error:
            batch.fail(position, error)


def _read(batch: Batch[Params], position: int) -> None:
    text = _text(batch, position)
    if text is not None:
        value = xml_to_json(text, xml_options(batch.params))
        batch.derive(position, value if isinstance(value, dict) else {batch.params.text: value})


def xml_options(params: Params) -> XmlOptions:
    """What the parameters say about reading."""
    return XmlOptions(
        params.attributes, params.text, params.root, params.lists, params.ignore_attributes, params.lower_case,
        params.trim,
    )  # fmt: skip


def _text(batch: Batch[Params], position: int) -> str | bytes | None:
    params, json = batch.params, batch.items[position].json
    if params.file is not None:
        return file_bytes(batch, position, params.file)
    found = look(json, params.field)
    if isinstance(found, str):
        return found
    hint = did_you_mean(params.field, json) if found is MISSING else "It must be text."
    where = Where(field="field")
    message = f"the item has no XML in {params.field!r}"
    batch.fail(position, NodeError(message, code="node.missing_field", hint=hint, where=where))
    return None


node_type = NodeType(
    name="data.xml",
    title="XML",
    description="Turns XML into JSON, or items into XML. Documents with a DOCTYPE are refused.",
    icon="file-code",
    group="data",
    params=Params,
    run=run,
    examples=({"field": "body"}, {"mode": "to_xml", "field": "xml", "root_name": "contact"}),
)
