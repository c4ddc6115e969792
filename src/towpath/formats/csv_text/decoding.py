"""From bytes in pieces to text: the encoding is given, marked, or found out."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from charset_normalizer import from_bytes

from towpath.errors import FormatError, Where, did_you_mean

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMONEST = "cp1252"  # after UTF-8, of Latin script: what Excel writes in western Europe and America
_AFTER_LATIN = "\u0250"
_MARGIN = 0.05  # of coherence: less is no evidence
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "ascii": "utf-8", "iso8859-1": "cp1252", "latin-1": "cp1252"}


def known_encoding(name: str | None, file: str | None) -> str | None:
    """The usual name of an encoding given by its user; FormatError when there is none of that name."""
    if name is None:
        return None
    try:
        return codecs.lookup(name).name
    except LookupError:
        hint = did_you_mean(name, ["utf-8", "utf-16", "latin-1", "cp1252", "gb18030", "big5", "shift_jis", "euc-kr"])
        raise FormatError(
            f"There is no encoding {name!r}.", code="csv.unknown_encoding", hint=hint, where=Where(file=file)
        ) from None


def find_encoding(sample: bytes, warnings: list[str]) -> str:
    """The encoding of a text that begins like this: by its mark, else UTF-8 if it can be, else the likeliest."""
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    wide = _utf16_without_mark(sample)
    if wide:
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # may end within a character, being a sample
    except UnicodeDecodeError:
        return _guess(sample, warnings)
    return "utf-8"


def _utf16_without_mark(sample: bytes) -> str | None:
    """Text of mostly western characters has a zero in every second byte."""
    half = len(sample) // 2
    if half and sample.count(0) > 0.4 * half:
        return "utf-16-be" if sample[0::2].count(0) > sample[1::2].count(0) else "utf-16-le"
    return None


def _guess(sample: bytes, warnings: list[str]) -> str:
    name = _likeliest(sample)
    name = _WIDER.get(name, name)
    warnings.append(f"The text is not UTF-8; it was read as {name}. Give the encoding if names look wrong.")
    return name


def _likeliest(sample: bytes) -> str:
    """The best match; of Latin tables that fit as well, the one that most files outside UTF-8 are in.

    A few names do not tell Zoë Øst (cp1252) from Zoë Řst (cp1250), and statistics over them are chance.
    """
    matches = from_bytes(sample)
    best = matches.best()
    if best is None:
        return _COMMONEST
    fit = {match.encoding: match.coherence for match in matches}
    latin = all(letter < _AFTER_LATIN for letter in str(best) if letter.isalpha())
    if latin and fit.get(_COMMONEST, -1.0) >= best.coherence - _MARGIN:
        return _COMMONEST
    return codecs.lookup(best.encoding).name


class Decoder:
    """Decodes piece by piece. As long as all was ASCII, the first other byte may still decide the encoding."""

    def __init__(self, encoding: str, file: str | None, warnings: list[str]) -> None:
        self.encoding = encoding
        self._file = file
        self._warnings = warnings
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ascii = encoding == "utf-8"
        self._lines = 0

    def decode(self, chunk: bytes, *, final: bool = False) -> str:
        try:
            text = self._decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            if not self._ascii:
                raise self._broken(error) from None
            self.encoding = _guess(chunk, self._warnings)
            self._decoder = codecs.getincrementaldecoder(self.encoding)("replace")
            text = self._decoder.decode(chunk, final)
        self._ascii = self._ascii and text.isascii()
        self._lines += text.count("\n")
        return text

    def _broken(self, error: UnicodeDecodeError) -> FormatError:
        line = self._lines + error.object[: error.start].count(b"\n") + 1
        return FormatError(
            f"The text is not {self.encoding}: {error.reason}.",
            code="csv.encoding",
            hint="Save the file as UTF-8, or give its encoding.",
            where=Where(file=self._file, line=line),
        )


def texts_of(chunks: Iterable[bytes], decoder: Decoder) -> Iterator[str]:
    """The text of bytes in pieces."""
    for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
