"""What servers and workers log can be read by people, and by programs line by line."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from towpath.cli.logs import set_up_logs
from towpath.errors import InputError

log = logging.getLogger("towpath.test")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_of_text_says_when_how_grave_where_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs({})
    log.info("a batch of %d broke", 3)
    assert capsys.readouterr().err.endswith(" INFO towpath.test: a batch of 3 broke\n")


def test_each_event_is_one_line_of_json_with_the_trace_of_its_error(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs({"TOWPATH_LOG": "json"})
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        log.exception("das läuft\nnicht")
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["level"], said["logger"], said["message"]) == ("error", "towpath.test", "das läuft\nnicht")
    assert said["time"].endswith("Z")
    assert "ValueError: first\nsecond" in said["error"]


def test_what_is_less_grave_than_the_level_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs({"TOWPATH_LOG_LEVEL": "error"})
    log.warning("low")
    log.error("high")
    assert "low" not in (err := capsys.readouterr().err)
    assert "high" in err


def test_libraries_are_heard_only_when_they_warn(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs({"TOWPATH_LOG_LEVEL": "debug"})
    logging.getLogger("uvicorn.error").info("started")
    log.debug("ours")
    assert "started" not in (err := capsys.readouterr().err)
    assert "ours" in err


@pytest.mark.parametrize("name", ["TOWPATH_LOG", "TOWPATH_LOG_LEVEL"])
def test_another_word_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(InputError) as refused:
        set_up_logs({name: "loud"})
    assert refused.value.code == "settings.log"
