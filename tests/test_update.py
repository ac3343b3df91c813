"""``make update``: what pip reports becomes a readable table and a rewritten file."""

from __future__ import annotations

import pytest
import update
from update import Change, Pin

TEXT = """# A word about the file.

# What the project uses directly
jupyter-book==1.0.4.post1
# Why pandas is here
pandas==3.1.1
ruff==0.17.6

# What those bring
ruamel.yaml==0.19.1
six==1.17.0
typing_extensions==4.16.0
"""
REPORT = {
    "install": [
        {"metadata": {"name": name, "version": version}}
        for name, version in {
            "jupyter-book": "1.0.4.post1",
            "pandas": "3.2.0",
            "ruff": "0.17.6",
            "ruamel-yaml": "0.19.2",
            "typing-extensions": "4.16.0",
            "Aardvark": "1.0",
            "Send2Trash": "2.2.0",
            "zipp": "4.1.2",
        }.items()
    ]
}


def test_a_file_of_pins_is_read_with_its_sections():
    found = update.pins(TEXT)
    assert found["pandas"] == Pin("pandas", "3.1.1", direct=True)
    assert found["typing-extensions"] == Pin("typing_extensions", "4.16.0")
    assert len(found) == 6


def test_the_books_own_file_is_read_whole():
    text = update.REQUIREMENTS.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = update.pins(text)
    assert [f"{pin.name}=={pin.version}" for pin in found.values()] == lines
    assert found["pandas"].direct
    assert not found["six"].direct
    assert set(update.HELD) <= set(found)


def test_pip_is_asked_for_direct_requirements_and_what_is_held_keeps_its_version():
    assert update.wanted(update.pins(TEXT)) == ["jupyter-book==1.0.4.post1", "pandas", "ruff"]


def test_changes_are_told_direct_ones_first_and_spelling_is_no_change():
    assert update.changes(update.pins(TEXT), update.reported(REPORT)) == [
        Change("pandas", "3.1.1", "3.2.0", True),
        Change("Aardvark", "", "1.0", False),
        Change("ruamel.yaml", "0.19.1", "0.19.2", False),
        Change("Send2Trash", "", "2.2.0", False),
        Change("six", "1.17.0", "", False),
        Change("zipp", "", "4.1.2", False),
    ]


def test_the_table_can_be_read():
    rows = [Change("pandas", "3.1.1", "3.2.0", True), Change("six", "1.17.0", "", False)]
    assert update.listing(rows).splitlines() == [
        "package  pinned  newest",
        "pandas   3.1.1   3.2.0",
        "six      1.17.0  (gone)  brought along",
    ]


def test_new_pins_keep_comments_sections_spelling_and_order():
    new = update.rewritten(TEXT, update.reported(REPORT))
    assert (
        new
        == """# A word about the file.

# What the project uses directly
jupyter-book==1.0.4.post1
# Why pandas is here
pandas==3.2.0
ruff==0.17.6

# What those bring
Aardvark==1.0
ruamel.yaml==0.19.2
Send2Trash==2.2.0
typing_extensions==4.16.0
zipp==4.1.2
"""
    )
    assert update.rewritten(new, update.reported(REPORT)) == new


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A repository of two files, in which pip has found newer versions."""
    monkeypatch.setattr(update, "REQUIREMENTS", tmp_path / "requirements.txt")
    monkeypatch.setattr(update, "PRE_COMMIT", tmp_path / ".pre-commit-config.yaml")
    monkeypatch.setattr(update, "resolve", lambda wanted, version: REPORT)
    (tmp_path / "requirements.txt").write_text(TEXT)
    hooks = (update.ROOT / ".pre-commit-config.yaml").read_text()
    (tmp_path / ".pre-commit-config.yaml").write_text(hooks.replace("rev: v", "rev: v0."))
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "passing", "code", "written"),
    [
        ([], True, 0, False),
        (["--write"], True, 0, True),
        (["--write"], False, 1, False),
    ],
)
def test_pins_are_written_only_on_demand_and_only_if_the_tests_pass(
    place, monkeypatch, capsys, arguments, passing, code, written
):
    tried = []
    monkeypatch.setattr(update, "try_out", lambda text: tried.append(text) or passing)
    assert update.main(arguments) == code
    assert tried == [update.rewritten(TEXT, update.reported(REPORT))]
    assert (place / "requirements.txt").read_text() == (tried[0] if written else TEXT)
    hook = "rev: v0.17.6\n" in (place / ".pre-commit-config.yaml").read_text()
    assert hook == written
    assert "pandas" in capsys.readouterr().out


def test_nothing_is_tried_where_nothing_is_newer(place, monkeypatch, capsys):
    same = update.rewritten(TEXT, update.reported(REPORT))
    (place / "requirements.txt").write_text(same)
    monkeypatch.setattr(update, "try_out", lambda text: pytest.fail("it was tried"))
    assert update.main([]) == 0
    assert "newest" in capsys.readouterr().out


def test_a_hook_before_a_commit_has_the_pinned_ruff():
    pinned = update.pins(update.REQUIREMENTS.read_text(encoding="utf-8"))["ruff"].version
    assert f"rev: v{pinned}\n" in update.PRE_COMMIT.read_text(encoding="utf-8")
