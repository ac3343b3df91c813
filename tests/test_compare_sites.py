"""Two sites differ by what a reader sees, not by the digests of assets."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import compare_sites
import pytest

PAGE = """<meta content="script-src 'self' 'sha256-{digest}=' 'sha256-{digest}+/='">
<link href="style.css?v={digest}" integrity="sha384-{digest}">
<p>{words}</p>
"""


def made(site: Path, digest: str, words: str = "Moscow and Urga", more: str = "") -> str:
    """A small site; gives its folder."""
    (site / "_static").mkdir(parents=True)
    (site / "index.html").write_text(PAGE.format(digest=digest, words=words), encoding="utf-8")
    (site / "_static" / f"nb.{digest * 2}.css").write_text("p {}", encoding="utf-8")
    (site / ".buildinfo").write_text(digest, encoding="utf-8")
    (site / "picture.png").write_bytes(b"\x89PNG")
    with ZipFile(site / "data.zip", "w") as packed:
        packed.writestr(f"notes.{digest * 2}.txt", words)
    if more:
        (site / more).write_text("more", encoding="utf-8")
    return str(site)


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ({}, ["4 alike, 0 differ, 0 only before, 0 only after"]),
        (
            {"words": "Moscow and Peking"},
            ["differs: data.zip/notes.DIGEST.txt", "  + <p>Moscow and Peking</p>"],
        ),
        ({"more": "late.html"}, ["only after: late.html"]),
    ],
    ids=["digests", "a word", "a file"],
)
def test_only_what_a_reader_sees_is_a_difference(tmp_path: Path, capsys, after, told):
    sites = [made(tmp_path / "a", "12345678"), made(tmp_path / "b", "abcdef00", **after)]
    assert compare_sites.main(sites) == int(bool(after))
    assert set(told) <= set(capsys.readouterr().out.splitlines())


def test_what_was_renamed_on_purpose_can_be_masked(tmp_path: Path):
    sites = [
        made(tmp_path / word, "12345678", f"tb-{word}", f"{word}.js") for word in ("old", "new")
    ]
    assert compare_sites.main(sites) == 1
    assert compare_sites.main([*sites, "--mask", r"(tb-)?(old|new)\b", "name"]) == 0


def test_a_long_page_is_told_shortly(tmp_path: Path, capsys):
    texts = {"a": "x" * 500 + "old", "b": "x" * 500 + "new\n" * 30}
    compare_sites.main([made(tmp_path / name, "12345678", text) for name, text in texts.items()])
    out = capsys.readouterr().out
    assert "xxold</p>" in out and max(map(len, out.splitlines())) < 200
    assert len(out.splitlines()) < 20 and "lines more" in out
