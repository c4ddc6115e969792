"""CSV from bytes: encodings, delimiters, broken and hostile files."""

from __future__ import annotations

import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.errors import FormatError, LimitError
from towpath.formats.csv_text.limits import CsvLimits
from towpath.formats.csv_text.reading import CsvText, read_csv

NAMES = "name,city\nJosé Müller,Zürich\nZoë Åkesson,Malmö\nRené Château,Besançon\n"


def cells(text: CsvText) -> list[list[str]]:
    return [row.cells for row in text.rows]


def test_a_plain_file() -> None:
    text = read_csv(b"a,b\n1,2\n3,4\n")
    assert text.header == ("a", "b")
    assert [(row.line, row.cells) for row in text.rows] == [(2, ["1", "2"]), (3, ["3", "4"])]
    assert (text.encoding, text.delimiter, text.warnings) == ("utf-8", ",", [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_recognised_with_and_without_a_mark(encoding: str) -> None:
    text = read_csv(NAMES.encode(encoding))
    assert text.header == ("name", "city")
    assert cells(text)[0] == ["José Müller", "Zürich"]
    assert text.warnings == []


def test_western_text_that_is_not_unicode_is_read_with_a_warning() -> None:
    text = read_csv(NAMES.encode("cp1252"))
    assert cells(text)[0] == ["José Müller", "Zürich"]
    assert "not UTF-8" in text.warnings[0]


def test_a_few_nordic_names_are_not_taken_for_czech_ones() -> None:
    text = read_csv("name,city\nZoë Øst,Ångström & Söhne\n".encode("cp1252"))
    assert cells(text) == [["Zoë Øst", "Ångström & Söhne"]]


def test_polish_names_are_not_taken_for_western_ones() -> None:
    rows = "Łukasz Wiśniewski,Łódź Handel\nMałgorzata Dąbrowska,Spółka Źródło\n"
    assert cells(read_csv(f"name,city\n{rows}".encode("cp1250"))) == [
        ["Łukasz Wiśniewski", "Łódź Handel"],
        ["Małgorzata Dąbrowska", "Spółka Źródło"],
    ]


def test_chinese_text_that_is_not_unicode_is_read() -> None:
    rows = "".join(f"张伟{i},北京市朝阳区,潜在客户来自展览会\n" for i in range(50))
    text = read_csv(f"姓名,地址,备注\n{rows}".encode("gbk"))
    assert text.header == ("姓名", "地址", "备注")
    assert text.encoding == "gb18030"


def test_the_encoding_can_be_given() -> None:
    assert read_csv(NAMES.encode("latin-1"), encoding="latin1").header == ("name", "city")
    with pytest.raises(FormatError, match=r"Did you mean 'utf-8'") as caught:
        read_csv(b"a", encoding="utf8x")
    assert caught.value.code == "csv.unknown_encoding"


def test_a_late_first_accent_still_decides_the_encoding() -> None:
    lines = [b"name,city\n", *[b"Ann,Rome\n"] * 100, "Zoë,Malmö\n".encode("cp1252")]
    text = read_csv(iter(lines), limits=CsvLimits(sample=64))
    assert cells(text)[-1][0].startswith("Zo")
    assert "not UTF-8" in text.warnings[0]


def test_broken_unicode_is_an_error_with_its_line() -> None:
    lines = [b"name\n", "Zoë\n".encode(), b"ok\n", b"br\xffoken\n"]
    with pytest.raises(FormatError) as caught:
        list(read_csv(iter(lines), limits=CsvLimits(sample=8)).rows)
    assert caught.value.code == "csv.encoding"
    assert caught.value.where.line == 4


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    rows = [["name", "note", "amount"], ["a", "x, y; z", "1"], ["b", "", "2"]]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    text = read_csv(buffer.getvalue().encode())
    assert (text.delimiter, [list(text.header), *cells(text)]) == (delimiter, rows)


def test_a_separator_line_of_a_spreadsheet_is_obeyed() -> None:
    text = read_csv(b"sep=;\r\na;b\r\n1,5;2\r\n")
    assert (text.header, cells(text)) == (("a", "b"), [["1,5", "2"]])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(end: str) -> None:
    text = read_csv(end.join(["a,b", "1,2", "", "3,4"]).encode())
    assert [(row.line, row.cells) for row in text.rows] == [(2, ["1", "2"]), (4, ["3", "4"])]


def test_line_breaks_in_quotes_count_as_lines() -> None:
    text = read_csv(b'a,b\n"1\n1",2\n3,4\n')
    assert [(row.line, row.cells) for row in text.rows] == [(2, ["1\n1", "2"]), (4, ["3", "4"])]


def test_short_rows_are_filled_and_long_ones_are_marked() -> None:
    short, empty_surplus, long = read_csv(b"a,b\n1\n1,2,,\n1,2,3,4\n").rows
    assert (short.cells, short.surplus) == (["1", ""], 0)
    assert empty_surplus.surplus == 0
    assert (long.cells, long.surplus) == (["1", "2"], 2)


def test_columns_without_or_with_the_same_name_get_one() -> None:
    text = read_csv(b"a,,a, \n1,2,3,4\n")
    assert text.header == ("a", "Column 2", "a (2)", "Column 4")
    assert len(text.warnings) == 3


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b" , \n"])
def test_an_empty_file_is_an_error(data: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        read_csv(data, file="x.csv")
    assert caught.value.code == "csv.empty"
    assert caught.value.where.file == "x.csv"


def test_ten_thousand_columns_are_refused() -> None:
    header = ",".join(f"c{i}" for i in range(10_000)).encode()
    with pytest.raises(LimitError) as caught:
        read_csv(header + b"\n")
    assert caught.value.code == "csv.too_many_columns"
    assert len(read_csv(header, limits=CsvLimits(columns=10_000)).header) == 10_000


def test_a_quote_that_is_never_closed_does_not_eat_the_file() -> None:
    chunks = iter([b'a,b\n1,2\n3,"4\n', *[b"5,6\n" * 1_000] * 1_000])
    with pytest.raises(LimitError) as caught:
        list(read_csv(chunks).rows)
    assert caught.value.code == "csv.row_too_long"
    assert caught.value.where.line == 3
    assert next(chunks)  # most of the file was never asked for


def test_one_endless_line_is_refused() -> None:
    with pytest.raises(LimitError) as caught:
        list(read_csv(iter([b"a\n", *[b"x" * 100_000] * 100])).rows)
    assert caught.value.code == "csv.row_too_long"


def test_the_number_of_rows_can_be_bounded() -> None:
    with pytest.raises(LimitError) as caught:
        list(read_csv(b"a\n1\n2\n3\n", limits=CsvLimits(rows=2)).rows)
    assert (caught.value.code, caught.value.where.line) == ("csv.too_many_rows", 4)


def test_a_long_cell_within_the_limit_is_read() -> None:
    assert cells(read_csv(b"a,b\n" + b"x" * 500_000 + b",1\n"))[0][1] == "1"


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=8), st.integers(1, 9), st.sampled_from([",", ";"]))
def test_what_was_written_is_read_however_it_is_cut(rows: list[list[str]], size: int, delimiter: str) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([["a", "b"], *rows])
    data = buffer.getvalue().encode()
    chunks = (data[start : start + size] for start in range(0, len(data), size))
    text = read_csv(chunks, encoding="utf-8", delimiter=delimiter)
    assert cells(text) == [row for row in rows if any(cell.strip() for cell in row)]


def test_a_stray_carriage_return_is_read_or_refused_with_its_line() -> None:
    with contextlib.suppress(FormatError):
        assert list(read_csv(b"\r\x01\n").rows) == []


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(FormatError, LimitError):
        list(read_csv(data).rows)
