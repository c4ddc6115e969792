"""The steps file.*, typed. Made by scripts/make_builder.py: change the node types instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from towpath.builder.group import Group
from towpath.builder.step import Step


class FileSteps(Group):
    """The steps file.*, typed."""

    __slots__ = ()

    def convert(
        self,
        format: Literal["csv", "json", "html", "xlsx", "text", "base64"] = "csv",
        *,
        file_name: str | None = None,
        into: str = "data",
        each: bool = False,
        field: str | None = None,
        header: bool = True,
        delimiter: str = ",",
        mark: bool = False,
        indent: bool = False,
        sheet: str = "Sheet",
        media_type: str | None = None,
        name: str | None = None,
    ) -> Step:
        """Make a file: Makes a file of the items: CSV, JSON, HTML, an Excel sheet, or a field's text.

        format: csv, html and xlsx: a row for each item. json: all items, or one file each. text: a field's text.
            base64: the bytes that a field spells.
        file_name: The file's name; file.csv and so on when nothing is said.
        into: The name that the item carries the file under.
        each: With json: a file for each item; otherwise one for all.
        field: With text, base64, json with each: the field; else all.
        header: With csv, html, xlsx: the first row has the names of the fields.
        delimiter: With csv.
        mark: With csv: begin with a byte order mark, so that Excel reads UTF-8.
        indent: With json: written over several lines.
        sheet: With xlsx: the name of the sheet.
        media_type: What kind of file it is; told by its name when nothing is said.
        """
        return self._step(
            "file.convert",
            name,
            {
                "format": format,
                "file_name": file_name,
                "into": into,
                "each": each,
                "field": field,
                "header": header,
                "delimiter": delimiter,
                "mark": mark,
                "indent": indent,
                "sheet": sheet,
                "media_type": media_type,
            },
        )

    def event(
        self,
        title: str,
        *,
        start: str,
        end: str | None = None,
        all_day: bool = False,
        details: Mapping[str, Any] | str | None = None,
        file_name: str = "event.ics",
        into: str = "data",
        name: str | None = None,
    ) -> Step:
        """Make a calendar event: Makes a calendar file (ics) of one event for each item, to send or to import.

        title: What happens.
        start: When it begins: a date or a moment; without a zone, of the workflow's.
        end: When it ends; an hour after it began, or a day, when nothing is said.
        all_day: It lasts whole days, the last one not counted.
        details: More of it, such as description, location or url.
        file_name: The file's name.
        into: The name that the item carries the file under.
        """
        return self._step(
            "file.event",
            name,
            {
                "title": title,
                "start": start,
                "end": end,
                "all_day": all_day,
                "details": details,
                "file_name": file_name,
                "into": into,
            },
        )

    def extract(
        self,
        file: str = "data",
        *,
        format: Literal["csv", "json", "spreadsheet", "html", "calendar", "xml", "text", "base64"] = "csv",
        into: str | None = "data",
        keep: bool = False,
        keep_file: bool = False,
        header: bool = True,
        sheet: str | None = None,
        delimiter: str | None = None,
        encoding: str | None = None,
        skip: int = 0,
        most: int | None = None,
        name: str | None = None,
    ) -> Step:
        """Read a file: Reads a file that an item carries: CSV, spreadsheets, JSON, HTML tables, calendars, XML, text.

        file: The name of the file in the item.
        format: csv, spreadsheet (xlsx, xls, ods) and html (the first table) become an item for each row, calendar
            (ics) one for each event; json, xml, text and base64 a field.
        into: With json, xml, text, base64: the field it is put into; null: it is the item.
        keep: The item's own fields stay beside what was read.
        keep_file: The item's files stay.
        header: With rows: the first one has the names; otherwise fields are 0, 1, 2.
        sheet: With spreadsheet: the sheet; the first one when nothing is said.
        delimiter: With csv: found out when nothing is said.
        encoding: With csv, text: found out, or UTF-8, when nothing is said.
        skip: With rows: how many at the beginning are left out, the header not counted.
        most: With rows: how many are read at most.
        """
        return self._step(
            "file.extract",
            name,
            {
                "file": file,
                "format": format,
                "into": into,
                "keep": keep,
                "keep_file": keep_file,
                "header": header,
                "sheet": sheet,
                "delimiter": delimiter,
                "encoding": encoding,
                "skip": skip,
                "most": most,
            },
        )
