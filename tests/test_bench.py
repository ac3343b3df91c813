"""What ``make bench`` prints can be trusted: its server, its ratios, its reading of Lighthouse."""

from __future__ import annotations

import gzip
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench_growth import copied
from bench_lighthouse import asks_for_icons, costs, scores
from bench_report import Measured, Report, table
from bench_server import serving

PAGE = "<p>Moscow and Urga</p>" * 100


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("small site")
    (folder.parent / "secret.html").write_text("not to be seen", encoding="utf-8")
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG" + bytes(100))
    with serving(folder) as address:
        yield address


def fetched(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def test_text_is_sent_compressed_and_may_be_kept(small_site):
    status, headers, content = fetched(f"{small_site}/index.html?digest=1")
    assert status == 200
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Cache-Control"].startswith("max-age=")
    assert len(content) == int(headers["Content-Length"]) < len(PAGE)
    assert gzip.decompress(content).decode() == PAGE


def test_a_folder_is_its_index_and_a_picture_is_sent_as_it_is(small_site):
    assert gzip.decompress(fetched(f"{small_site}/")[2]).decode() == PAGE
    _, headers, content = fetched(f"{small_site}/picture.png")
    assert "Content-Encoding" not in headers
    assert content.startswith(b"\x89PNG")


def test_what_has_not_changed_is_not_sent_again(small_site):
    tag = fetched(f"{small_site}/index.html")[1]["ETag"]
    status, _, content = fetched(f"{small_site}/index.html", **{"If-None-Match": tag})
    assert (status, content) == (304, b"")


@pytest.mark.parametrize("path", ["nowhere.html", "../secret.html", "%2e%2e/secret.html"])
def test_what_is_not_in_the_folder_is_not_found(small_site, path: str):
    assert fetched(f"{small_site}/{path}")[0] == 404


def test_a_figure_stands_beside_its_budget_or_its_rival():
    assert Measured("pages", 30, "kB", budget=60).ratio == 0.5
    assert "budget       60.0   ratio  0.50" in str(Measured("pages", 30, "kB", budget=60))
    assert "template     20.0   ratio  1.50" in str(Measured("pages", 30, "kB", theirs=20))


def test_nothing_of_the_rival_gives_no_ratio():
    assert Measured("hosts", 0, "", theirs=0).ratio is None
    assert "–" in str(Measured("hosts", 0, "", theirs=0))
    assert "ratio" not in str(Measured("heap", 3, "MB"))


def test_a_part_that_fails_is_told_and_the_run_goes_on(capsys):
    report = Report()
    with report.part("Pages"):
        report.add("one", 1, "s")
        raise OSError("no browser\nand a long trace")
    report.add("two", 2, "s")
    assert [figure.what for figure in report.figures] == ["one", "two"]
    assert report.notes == ["Pages: not measured further: OSError: no browser"]
    assert "no browser" in capsys.readouterr().out


def test_the_table_holds_what_readers_are_told_by_kind_of_comparison():
    figures = [
        {"what": "a", "ours": 171.4, "unit": "kB", "theirs": 988.0, "told": "sent"},
        {"what": "b", "ours": 60.0, "unit": "s", "budget": 90, "told": "cold build"},
        {"what": "c", "ours": 1.0, "unit": "s", "budget": 2},
    ]
    text = table({"date": "2026-11-25", "cores": 2, "load": "load 0.1", "figures": figures})
    assert "2 cores" in text and "2026-11-25" in text
    assert "| sent | 171 kB | 988 kB | 0.17 |" in text
    assert "| cold build | 60 s | 90 s | 0.67 |" in text
    assert text.count("| what |") == 2 and "| c |" not in text


LIGHTHOUSE = {
    "categories": {
        "performance": {
            "score": 0.9,
            "auditRefs": [{"id": "slow", "weight": 1}, {"id": "hint", "weight": 0}],
        },
        "accessibility": {"score": 0.96, "auditRefs": [{"id": "target-size", "weight": 7}]},
        "seo": {"score": None, "auditRefs": []},
    },
    "audits": {
        "slow": {"score": 0.9, "displayValue": "2.0\u00a0s"},
        "hint": {
            "score": 0,
            "metricSavings": {"LCP": 450, "FCP": 0},
            "details": {"items": [{"url": "http://x/_static/theme.css?v=1"}]},
        },
        "target-size": {
            "score": 0,
            "details": {"items": [{"node": {"snippet": "<button>"}}]},
        },
        "network-requests": {"details": {"items": [{"url": "http://x/fontawesome.js"}]}},
    },
}


def test_lighthouse_tells_what_costs_points_dearest_first():
    assert scores(LIGHTHOUSE) == {"performance": 90, "accessibility": 96}
    assert costs(LIGHTHOUSE) == [
        "accessibility: target-size, 100 points: <button>",
        "performance: slow, 10 points, 2.0 s",
        "performance: hint, would help (would save LCP 450 ms): theme.css",
    ]
    assert asks_for_icons(LIGHTHOUSE)
    assert not asks_for_icons({"audits": {}})


def test_enlarged_data_has_a_key_of_its_own_for_each_copy():
    claim = {"claim_id": "C-1", "events": "one; two"}
    assert copied("claims", claim, 0) == claim
    assert copied("claims", claim, 7) == {"claim_id": "C-1007", "events": "one-7; two-7"}
    assert copied("clauses", {"clause_id": "T/1/1"}, 2) == {"clause_id": "T/1/1-2"}


def test_the_bench_measures_pages_that_exist(site: Path):
    from bench_pages import KINDS

    assert [page for page, _ in KINDS.values() if not (site / page).exists()] == []
