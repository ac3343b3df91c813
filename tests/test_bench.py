"""What ``make bench`` prints can be trusted: its server, its ratios, its enlarged data."""

from __future__ import annotations

import gzip
import urllib.error
import urllib.request
from pathlib import Path

import bench
import pytest
from bench_figure import Figure
from bench_growth import copied
from bench_server import serving

TEXT = "<p>Moscow and Urga</p>" * 100


def test_text_is_sent_compressed_and_anything_else_as_it_is(tmp_path: Path):
    (tmp_path / "index.html").write_text(TEXT, encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    with serving(tmp_path) as address:
        with urllib.request.urlopen(f"{address}/index.html?digest=1") as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(answer.read()).decode() == TEXT
        with urllib.request.urlopen(f"{address}/picture.png") as answer:
            assert answer.headers["Content-Encoding"] is None
            assert answer.read() == b"\x89PNG"
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}/nowhere.html")


@pytest.mark.parametrize(
    ("figure", "row"),
    [
        (Figure("cold", 46, "s", 45, 9.2), "| cold | 46 s | 45 s | 1.02 | 9.2 s | 5.00 |"),
        (Figure("page", 1.55, "s", theirs=2), "| page | 1.6 s | – | – | 2 s | 0.78 |"),
        (Figure("hosts", 0, budget=0, theirs=2), "| hosts | 0 | 0 | kept | 2 | 0.00 |"),
        (Figure("hosts", 1, budget=0), "| hosts | 1 | 0 | over | – | – |"),
    ],
    ids=lambda value: getattr(value, "what", ""),
)
def test_a_figure_stands_beside_its_budget_and_its_rival(figure: Figure, row: str):
    assert figure.row() == row


def test_a_part_that_fails_is_told_and_the_next_one_is_measured(monkeypatch, capsys):
    def fails():
        yield Figure("one", 1)
        raise OSError("no browser")

    monkeypatch.setattr(bench, "PARTS", {"a": fails, "b": lambda: iter([Figure("two", 2)])})
    assert [line[:5] for line in bench.run(["a", "b"])][-2:] == ["| one", "| two"]
    assert "a: not measured further: OSError: no browser" in capsys.readouterr().err


def test_enlarged_data_has_a_key_of_its_own_for_each_copy():
    claim = {"claim_id": "C001", "events": "one; two"}
    assert copied(claim, "claim_id", 7) == {"claim_id": "C001007", "events": "one-7; two-7"}
    assert copied({"clause_id": "T/1/1"}, "clause_id", 2) == {"clause_id": "T/1/1-2"}
