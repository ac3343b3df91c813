"""Whatever happens to a file of the data, the check answers: no traceback, no hang, nothing changed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import shutil
import time
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from treatybook.evidence import tables
from treatybook.evidence.errors import InputError
from treatybook.evidence.validation import main

OWN = [*sorted((ROOT / "data").glob("*.*")), ROOT / "book" / "references.bib"]
FILES = [path.name for path in OWN if path.suffix in (".csv", ".json", ".bib")]
SECONDS = 10  # an answer comes sooner


def digest() -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in OWN)).hexdigest()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damaged") / "data"
    shutil.copytree(ROOT / "data", folder)
    shutil.copy(ROOT / "book" / "references.bib", folder)
    return folder


places = st.floats(min_value=0, max_value=1)
stray = st.one_of(
    st.binary(max_size=12),
    st.text(max_size=12).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b'"', b"\n", b"\r", b"\x00", b",", b";", b"\xef\xbb\xbf", b"{", b"}", b"\\", b"<<<<<<< x\n"]),
)  # fmt: skip
damage = st.lists(st.tuples(places, st.integers(0, 40), stray), min_size=1, max_size=4)


@pytest.mark.rare
@settings(max_examples=800, deadline=None, suppress_health_check=list(HealthCheck))
@given(file=st.sampled_from(FILES), damage=damage)
def test_a_damaged_file_is_answered_in_plain_lines(copy: Path, file: str, damage):
    before, path = digest(), copy / file
    whole = path.read_bytes()
    content = whole
    for place, length, new in damage:
        start = int(place * len(content))
        content = content[:start] + new + content[start + length :]
    path.write_bytes(content)
    started, said, wrong = time.monotonic(), io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
            code = main(str(copy))
        assert time.monotonic() - started < SECONDS
        told = said.getvalue() + wrong.getvalue()
        assert code in (0, 1) and told.strip()
        assert all(len(line) < 1000 for line in told.splitlines())
        # Whoever opens the tables is told in one line, or gets what can be read.
        with contextlib.suppress(InputError):
            book = tables.read(copy)
            for name in book.names:
                book.table(name)
    finally:
        path.write_bytes(whole)
    assert digest() == before
