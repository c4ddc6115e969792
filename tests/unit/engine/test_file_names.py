"""Names of files that strangers send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towpath.engine.file_names import MAX_NAME, safe_name


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("offer.pdf", "offer.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\win.ini", "win.ini"),
        ("photo\u202egpj.exe", "photogpj.exe"),  # shown as photoexe.jpg where writing is turned
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt"),
        ("  .hidden. ", "hidden"),
        ("con.txt", "_con.txt"),
        ("报价单 2026.xlsx", "报价单 2026.xlsx"),
        ("..", "attachment"),
        ("", "attachment"),
    ],
)
def test_a_name_loses_folders_and_what_is_not_seen(given_name: str, safe: str) -> None:
    assert safe_name(given_name) == safe


def test_the_same_name_again_gets_a_number_and_a_long_one_keeps_its_ending() -> None:
    assert safe_name("A.pdf", {"a.pdf", "a (2).pdf"}) == "A (3).pdf"
    assert safe_name("x" * 500 + ".pdf").endswith("x.pdf")


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=3))
def test_whatever_the_sender_writes_the_name_is_safe_and_stays_as_it_is(name: str, others: list[str]) -> None:
    taken = {safe_name(other).lower() for other in others}
    safe = safe_name(name, taken)
    assert 0 < len(safe) <= MAX_NAME
    assert not set(safe) & set('/\\<>:"|?*\r\n\t\0')
    assert safe.lower() not in taken
    assert safe_name(safe) == safe
