"""Figures of benchmarks are kept with each release and compared with it."""

import pytest

from benchmarks import results
from benchmarks.catalogue import BENCHMARKS
from benchmarks.figures import Figure


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "FOLDER", tmp_path / "results")


def rate(value, limit=None):
    return Figure("runs", value, "runs/s", limit)


def test_nothing_is_reported_before_the_first_release():
    assert results.regressions([rate(1)], results.last_release()) == []


def test_a_share_of_the_limit_counts_because_machines_differ():
    results.save([rate(50, 100)], partial=False)
    kept = results.last_release()
    assert results.regressions([rate(25, 50)], kept) == []
    assert results.regressions([rate(39, 100)], kept) == ["runs: 50% of the limit then, 39% of the limit now"]


def test_less_is_better_for_memory_and_times():
    results.save([Figure("memory", 100, "MB")], partial=False)
    kept = results.last_release()
    assert results.regressions([Figure("memory", 60, "MB")], kept) == []
    assert results.regressions([Figure("memory", 121, "MB")], kept) == ["memory: 100 MB then, 121 MB now"]


def test_a_partial_measurement_leaves_the_other_figures_alone():
    results.save([rate(50, 100), Figure("memory", 100, "MB")], partial=False)
    results.save([rate(60, 100)], partial=True)
    kept = results.last_release()
    assert (kept["runs"]["value"], kept["memory"]["value"]) == (60, 100)


def test_the_latest_release_is_meant_not_the_last_in_the_alphabet():
    results.FOLDER.mkdir()
    for release, value in (("0.9.0", 1), ("0.10.0", 2)):
        figures = f'{{"figures": [{{"name": "runs", "value": {value}, "unit": "runs/s", "ratio": null}}]}}'
        (results.FOLDER / f"{release}.json").write_text(figures)
    assert results.last_release()["runs"]["value"] == 2


@pytest.mark.parametrize("name", BENCHMARKS)
def test_names_can_be_typed(name):
    assert name == name.lower()
    assert " " not in name


def test_a_quick_benchmark_gives_figures_with_their_limit(tmp_path):
    figures = BENCHMARKS["many-items"](tmp_path, True)
    items = [figure for figure in figures if figure.unit == "items/s"]
    assert [figure.name for figure in items] == ["one run with 1,000 items", "one run with 10,000 items"]
    assert all(figure.limit > 0 and figure.value > 0 for figure in items)
