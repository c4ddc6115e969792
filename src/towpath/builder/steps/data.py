"""The steps data.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class DataSteps(Group):
    """The steps data.*, typed."""

    __slots__ = ()

    def aggregate(
        self,
        mode: Literal["items", "fields"] = "items",
        *,
        into: str = "items",
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        fields: Sequence[Mapping[str, Any]] = (),
        flatten: bool = False,
        keep_missing: bool = False,
        name: str | None = None,
    ) -> Step:
        """Aggregate: Makes one item of all items of the run, with lists of what they hold.

        mode: Collect whole items in one list, or single fields in a list each.
        into: With whole items: name of the list.
        include: With whole items: only these of their fields.
        exclude: With whole items: without these of their fields.
        fields: With fields: which ones, and the names of their lists.
        flatten: With fields: a value that is itself a list adds its elements.
        keep_missing: With fields: an item without a value adds null instead of nothing.
        """
        return self._step(
            "data.aggregate",
            name,
            {
                "mode": mode,
                "into": into,
                "include": include,
                "exclude": exclude,
                "fields": fields,
                "flatten": flatten,
                "keep_missing": keep_missing,
            },
        )

    def compare(
        self,
        keys: Sequence[str | Sequence[Any]],
        *,
        different: Literal["both", "a", "b"] = "both",
        skip: Sequence[str] = (),
        matches: Literal["all", "first"] = "all",
        loose: bool = False,
        name: str | None = None,
    ) -> Step:
        """Compare: Waits for two branches and sorts their items into those only in A, the same in both, different, and
        only in B.

        keys: The fields by which items belong together; a list of two names where they differ.
        different: Of items that differ: both values of each field that does, the item of A, or that of B.
        skip: Fields whose differences do not count.
        matches: An item with several partners is compared with all of them, or with the first.
        loose: Missing, null and empty are the same, and so are 3 and '3'.
        """
        return self._step(
            "data.compare",
            name,
            {"keys": keys, "different": different, "skip": skip, "matches": matches, "loose": loose},
        )

    def crypto(
        self,
        action: Literal["hash", "hmac", "random"] = "hash",
        *,
        value: str = "",
        file: str | None = None,
        algorithm: Literal["MD5", "SHA1", "SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-384", "SHA3-512"] = "SHA256",
        secret: str | None = None,
        form: Literal["hex", "base64", "uuid", "ascii"] = "hex",
        length: int | str = 32,
        into: str = "data",
        name: str | None = None,
    ) -> Step:
        """Hash or random text: Makes a digest of a text or a file, with a secret where it is to prove who sent it, or
        a random text.

        action: hash: a digest; hmac: a digest with a secret; random: a text that nobody can guess.
        value: With hash and hmac: the text.
        file: With hash and hmac: the name of the file, not the text.
        algorithm: MD5 and SHA1 are for old systems; they protect nothing.
        secret: With hmac: the secret, as an expression such as {{ $env.SIGNING_SECRET }}.
        form: How it is written; uuid and ascii with random only.
        length: With random: how many characters; a uuid has its own length.
        into: The field that it is put into.
        """
        return self._step(
            "data.crypto",
            name,
            {
                "action": action,
                "value": value,
                "file": file,
                "algorithm": algorithm,
                "secret": secret,
                "form": form,
                "length": length,
                "into": into,
            },
        )

    def html(
        self,
        mode: Literal["extract", "table"] = "extract",
        *,
        field: str = "data",
        file: str | None = None,
        values: Sequence[Mapping[str, Any]] = (),
        trim: bool = True,
        tidy: bool = False,
        into: str = "table",
        caption: str | None = None,
        capitalize: bool = False,
        style: bool = True,
        name: str | None = None,
    ) -> Step:
        """HTML: Takes values out of HTML with CSS selectors, or makes an HTML table of all items.

        mode: Take values out, or make a table of all items.
        field: With extract: the field with the HTML, or with a list of it.
        file: With extract: the name of a file with it instead.
        values: With extract: what is taken out.
        trim: With extract: without white space around.
        tidy: With extract: line breaks and runs of white space become one space.
        into: With table: the field that it is put into.
        caption: With table: its heading.
        capitalize: With table: field names are shown as words with capitals.
        style: With table: simple looks that mail programs show.
        """
        return self._step(
            "data.html",
            name,
            {
                "mode": mode,
                "field": field,
                "file": file,
                "values": values,
                "trim": trim,
                "tidy": tidy,
                "into": into,
                "caption": caption,
                "capitalize": capitalize,
                "style": style,
            },
        )

    def limit(self, max: int | str = 1, *, keep: Literal["first", "last"] = "first", name: str | None = None) -> Step:
        """Limit: Lets only the first or last items of the run go on.

        max: Most items that go on; an expression sees the first item.
        keep: From which end.
        """
        return self._step("data.limit", name, {"max": max, "keep": keep})

    def markdown(
        self,
        text: str,
        *,
        mode: Literal["to_html", "to_markdown"] = "to_html",
        into: str = "data",
        html: bool = False,
        tables: bool = False,
        strikethrough: bool = False,
        breaks: bool = False,
        heading_ids: bool = False,
        bullet: Literal["*", "-", "+"] = "*",
        ignore: Sequence[str] = (),
        name: str | None = None,
    ) -> Step:
        """Markdown: Turns Markdown into HTML, or HTML into Markdown.

        mode: What the text is turned into.
        text: The Markdown or HTML.
        into: The field that it is put into; dots lead into objects.
        html: With to_html: HTML inside the Markdown is kept; otherwise it is shown.
        tables: With to_html: tables drawn with | are read.
        strikethrough: With to_html: ~~text~~ is struck through.
        breaks: With to_html: a line break stays one.
        heading_ids: With to_html: headings get ids made of their text.
        bullet: With to_markdown: the sign of list entries.
        ignore: With to_markdown: elements that are left out.
        """
        return self._step(
            "data.markdown",
            name,
            {
                "mode": mode,
                "text": text,
                "into": into,
                "html": html,
                "tables": tables,
                "strikethrough": strikethrough,
                "breaks": breaks,
                "heading_ids": heading_ids,
                "bullet": bullet,
                "ignore": ignore,
            },
        )

    def remove_duplicates(
        self,
        fields: Sequence[str] = (),
        *,
        exclude: Sequence[str] = (),
        keep: Literal["first", "last"] = "first",
        ignore_case: bool = False,
        bare: bool = False,
        keep_empty: bool = False,
        name: str | None = None,
    ) -> Step:
        """Remove duplicates: Of the run's items that are equal in some or all of their fields, lets one go on.

        fields: Fields to compare; all fields when nothing is said.
        exclude: When all fields are compared: all but these.
        keep: Which of the equal items goes on.
        ignore_case: Case and spaces around a text make no difference.
        bare: When some fields are compared: what goes on has no others.
        keep_empty: Items without a value in all compared fields are never duplicates.
        """
        return self._step(
            "data.remove_duplicates",
            name,
            {
                "fields": fields,
                "exclude": exclude,
                "keep": keep,
                "ignore_case": ignore_case,
                "bare": bare,
                "keep_empty": keep_empty,
            },
        )

    def rename(self, fields: Mapping[str, Any], *, strict: bool = False, name: str | None = None) -> Step:
        """Rename fields: Moves values of items to other names; everything else stays.

        fields: New name by old name; dots lead into objects.
        strict: An item that lacks one of the fields fails.
        """
        return self._step("data.rename", name, {"fields": fields, "strict": strict})

    def set(
        self,
        fields: Mapping[str, Any] | str | None = None,
        *,
        keep: bool | Sequence[str] = True,
        drop: Sequence[str] = (),
        types: Mapping[str, Any] | None = None,
        lenient: bool = False,
        dots: bool = True,
        globals: Mapping[str, Any] | str | None = None,
        name: str | None = None,
    ) -> Step:
        """Set fields: Gives every item new values; expressions may use its old ones.

        fields: New values by field name; address.city sets a field inside an object.
        keep: The item's other fields: true keeps all, false none, a list those that it names.
        drop: Fields to leave out.
        types: Kinds that the new values of fields are turned into: text, number, checkbox, list or object.
        lenient: A value that cannot be turned into its kind stays as it is, and the item does not fail.
        dots: Dots in names lead into objects; otherwise they are part of the name.
        globals: Values kept for the rest of the run; every later node reads them as $global.name.
        """
        return self._step(
            "data.set",
            name,
            {
                "fields": fields,
                "keep": keep,
                "drop": drop,
                "types": types,
                "lenient": lenient,
                "dots": dots,
                "globals": globals,
            },
        )

    def sort(self, by: Sequence[Mapping[str, Any]] = (), *, shuffle: bool = False, name: str | None = None) -> Step:
        """Sort: Puts the items of the run in order. Items without a value come first, or last when descending.

        by: Sort keys, the most important first; equal items stay as they came.
        shuffle: A random order instead.
        """
        return self._step("data.sort", name, {"by": by, "shuffle": shuffle})

    def split_out(
        self,
        fields: Sequence[str],
        *,
        into: Sequence[str] = (),
        keep: bool | Sequence[str] = False,
        on_missing: Literal["skip", "keep", "fail"] = "skip",
        name: str | None = None,
    ) -> Step:
        """Split out: Makes one item of each element of a list that an item holds.

        fields: The fields with the lists; several lists are gone through side by side.
        into: Names for the elements, one per field; the fields' own names when nothing is said. Elements that are
            objects become the item itself where one field is split and nothing is kept or named.
        keep: The item's other fields: true keeps all, false none, a list those that it names.
        on_missing: An item without a list or with an empty one: gives nothing, goes on unchanged, or fails.
        """
        return self._step(
            "data.split_out", name, {"fields": fields, "into": into, "keep": keep, "on_missing": on_missing}
        )

    def summarize(
        self,
        figures: Sequence[Mapping[str, Any]],
        *,
        group_by: Sequence[str] = (),
        skip_ungrouped: bool = False,
        name: str | None = None,
    ) -> Step:
        """Summarize: Works out counts, sums, averages and more over the items of the run, for all or for each group.

        figures: What is worked out for each group.
        group_by: Fields whose values make a group; without them all are one.
        skip_ungrouped: Items without a value in one of the grouping fields do not count.
        """
        return self._step(
            "data.summarize", name, {"figures": figures, "group_by": group_by, "skip_ungrouped": skip_ungrouped}
        )

    def xml(
        self,
        mode: Literal["to_json", "to_xml"] = "to_json",
        *,
        field: str = "data",
        file: str | None = None,
        attributes: str | None = None,
        text: str = "_",
        root: bool = True,
        root_name: str = "root",
        lists: bool = False,
        ignore_attributes: bool = False,
        lower_case: bool = False,
        trim: bool = False,
        header: bool = True,
        name: str | None = None,
    ) -> Step:
        """XML: Turns XML into JSON, or items into XML. Documents with a DOCTYPE are refused.

        mode: What is made.
        field: With to_json: the field with the XML. With to_xml: the field it is put into.
        file: With to_json: the name of a file with it instead.
        attributes: The name under which attributes stand; with to_json, beside the children where none is given.
        text: The name of the text of an element that has more than text.
        root: With to_json: the root element is a field; otherwise its content the item.
        root_name: With to_xml: the root element of objects with more fields.
        lists: With to_json: children are always lists, not only where there are several.
        ignore_attributes: With to_json: attributes are left out.
        lower_case: With to_json: names in small letters.
        trim: With to_json: texts without white space around.
        header: With to_xml: begin with the line <?xml ...?>.
        """
        return self._step(
            "data.xml",
            name,
            {
                "mode": mode,
                "field": field,
                "file": file,
                "attributes": attributes,
                "text": text,
                "root": root,
                "root_name": root_name,
                "lists": lists,
                "ignore_attributes": ignore_attributes,
                "lower_case": lower_case,
                "trim": trim,
                "header": header,
            },
        )
