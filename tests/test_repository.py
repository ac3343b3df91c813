"""The repository itself: workflows, pins, licences, nothing generated, nobody's machine."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise

import pytest
import treatybook
import yaml
from check_jsonschema import main as checker
from conftest import PAGES, ROOT
from treatybook.__main__ import COMMANDS
from treatybook.evidence import identifiers, prose
from treatybook.site.rowindex import roman

WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "book.yml").read_text("utf-8"))


def tracked() -> list[str]:
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize(
    ("schema", "files"),
    [("workflows", "workflows/*.yml"), ("issue-forms", "ISSUE_TEMPLATE/*.yml")],
)
def test_workflows_and_the_issue_forms_follow_their_schema(schema: str, files: str):
    found = [str(path) for path in (ROOT / ".github").glob(files)]
    assert found
    arguments = ["--builtin-schema", f"vendor.github-{schema}", *found]
    assert checker(arguments, standalone_mode=False) == 0


def test_the_page_of_open_questions_leads_to_every_issue_form():
    page = (ROOT / "book" / "verification.md").read_text(encoding="utf-8")
    linked = re.findall(r"issues/new\?template=([\w.-]+)", page)
    forms = [path.name for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")]
    assert sorted(set(linked)) == sorted(forms)


def test_one_form_takes_a_digest_of_every_article(book):
    form = (ROOT / ".github" / "ISSUE_TEMPLATE" / "articles-read.yml").read_text("utf-8")
    labels = {item["attributes"].get("label") for item in yaml.safe_load(form)["body"]}
    clauses = book.clauses[book.clauses["treaty_id"] == "RSFSR-MONGOLIA-1921"]
    articles = {int(number) for number in clauses["article"] if number.isdigit()}
    assert {f"Article {roman(number)}" for number in articles} | {"Preamble"} <= labels


def test_workflow_permissions_are_minimal():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    jobs = WORKFLOW["jobs"]
    writing = {name: jobs[name]["permissions"] for name in jobs if "permissions" in jobs[name]}
    assert writing == {"deploy": {"pages": "write", "id-token": "write"}}


def test_nothing_generated_is_kept():
    generated = re.compile(r"_build/|\.(ipynb|pyc)$")
    assert [name for name in tracked() if generated.search(name)] == []


def test_no_machine_and_no_registry_is_named():
    pattern = re.compile(r"/(root|home|Users)/\w|index-url|file:///")
    passed_over = (".png", ".ico", ".woff2", "tests/test_repository.py")
    texts = [name for name in tracked() if not name.endswith(passed_over)]
    assert [name for name in texts if pattern.search((ROOT / name).read_text("utf-8"))] == []


def test_every_page_is_in_the_table_of_contents():
    assert sorted(path.stem for path in (ROOT / "book").glob("*.md")) == sorted(PAGES)


def test_cells_are_short_and_analysis_is_never_hidden():
    for path in (ROOT / "book").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        # In a lesson for which nobody needs Python a cell that only shows has no code to be read.
        shown = re.findall(
            r"```\{code-cell\}.*?\n:tags: \[remove-input\]\n(.*?)```", text, re.DOTALL
        )
        assert text.count("remove-input") == len(shown) and ("{lesson}" in text or not shown)
        for cell in shown:
            calls = re.findall(r"\.(?:groupby|merge|query|pivot\w*|value_counts)\(", cell)
            assert calls == [], f"{path.name}: {cell}"
        for cell in re.findall(r"```\{code-cell\}.*?\n(.*?)```", text, re.DOTALL):
            assert len(cell.strip().splitlines()) <= 12, f"{path.name}: {cell}"


def modules(lines: str) -> list[str]:
    """What the lines let Python do, whatever its path and the system's way of writing."""
    return re.findall(r"python3? -m (.+?)\s*(?:[|>]|2>|$)", lines, re.MULTILINE)


def readme_blocks(language: str) -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.+?)```", text, re.DOTALL)


def test_machines_without_make_are_given_the_commands_of_the_makefile():
    command = ["make", "--dry-run", "--always-make", "book"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    made = done.stdout.replace('"$python"', "python").replace("--quiet ", "")
    blocks = [*readme_blocks("powershell"), *readme_blocks("bash")[1:]]
    assert len(blocks) == 2
    for block in blocks:
        assert len(modules(block)) == 4
        assert [line for line in modules(block) if line not in modules(made)] == []


def test_a_machine_with_windows_runs_the_lines_of_the_readme():
    run = [step["run"] for step in WORKFLOW["jobs"]["windows"]["steps"] if "run" in step]
    (block,) = readme_blocks("powershell")
    assert run == block.splitlines()


def test_every_command_of_the_readme_and_of_contributing_is_there():
    told = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md"))
    targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", told, re.MULTILINE))
    assert named >= {"book", "test", "update"}
    assert named - set(targets) == set()


CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_contributing_lists_the_roles_the_commands_and_the_rooms_that_there_are():
    rooms, commands = treatybook.ROOMS, set(COMMANDS)
    assert re.findall(r"^\| `(\w+)` \|", CONTRIBUTING, re.MULTILINE) == [*reversed(rooms)]
    line = next(line for line in CONTRIBUTING.splitlines() if "python -m treatybook" in line)
    assert set(re.findall(r"`(?:python -m treatybook )?(\w+)`", line)) == commands
    rows = [line for line in CONTRIBUTING.splitlines() if line.startswith("| `` {")]
    told = {role for row in rows for role in re.findall(r"\{(\w+)\}", row)}
    used = {kind for text in prose.texts().values() for kind, _ in prose.roles(text)}
    assert told == {*identifiers.KINDS, "cite", "term", "doc", "repository", "made"} >= used


def test_the_walks_of_contributing_go_down_the_house_and_every_step_is_an_import():
    bullets = re.findall(r"^- A \w+ (?:becomes|comes).*$", CONTRIBUTING, re.MULTILINE)
    parts = [part for bullet in bullets for part in bullet.split("; ")]
    walks = [re.findall(r"`(\w+/\w+\.(?:py|md))`", part) for part in parts]
    assert [walk[0].partition("/")[0] for walk in walks] == ["book", "book", "site", "book", "site"]
    for walk in walks:
        if walk[0].startswith("book/"):
            assert walk[1].removesuffix(".py").partition("/")[2] in (ROOT / walk.pop(0)).read_text(
                "utf-8"
            )
        rooms = [treatybook.ROOMS.index(name.partition("/")[0]) for name in walk]
        assert rooms == sorted(rooms, reverse=True)
        for name, following in pairwise(walk):
            room, module = following.removesuffix(".py").split("/")
            text = (ROOT / "book" / "treatybook" / name).read_text(encoding="utf-8")
            direct = rf"from treatybook\.{room}(\.{module} import| import .*\b{module}\b)"
            assert re.search(direct, text), (name, following)
