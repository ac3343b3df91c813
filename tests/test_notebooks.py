"""The generated notebooks: a beginner is told what to do, and finds a cell for each answer."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cache
from pathlib import Path

import nbformat
import pytest
from conftest import NOTEBOOKS, ROOT, ran
from nbclient import NotebookClient
from treatybook.display import mistakes, output, spelling
from treatybook.display.markdown import notebook_files
from treatybook.evidence import prose
from treatybook.evidence.tables import read
from treatybook.site import addresses, notebooks
from treatybook.site.notebooks import convert
from treatybook.teaching import quizzes
from treatybook.teaching.lessons import all_lessons

BOOK = read()
IN_TASKS = re.compile(
    r"```python\n(.+?)```|`((?:show\(|book\.|\w+ = |\[key|[a-z_]+\.[a-z_]+\(book)[^`\n]+)`",
    re.DOTALL,
)
WITH_QUESTIONS = tuple(sorted(set(BOOK.quizzes["page"])))


@cache
def notebook(name: str) -> nbformat.NotebookNode:
    """A page as a notebook, which no test changes."""
    return convert(ROOT / "book" / f"{name}.md", BOOK)


def code(name: str) -> list[str]:
    return [cell.source for cell in notebook(name).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_below_its_title_a_notebook_says_how_to_run_it(name):
    made = notebook(name)
    nbformat.validate(made)
    title, how_to, *rest = made.cells
    assert re.fullmatch(r"# [^\n]+", title.source)
    assert how_to.cell_type == "markdown"
    assert len(how_to.source.splitlines()) <= 5
    words = "Shift,Enter,NameError,Run All Cells,this copy only,Download,Restart Kernel"
    for word in words.split(","):
        assert word in how_to.source
    assert len({cell.id for cell in made.cells}) == len(made.cells)
    page = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    assert page.count("```{code-cell}") <= sum(cell.cell_type == "code" for cell in rest)


@pytest.mark.parametrize("name", sorted({*WITH_QUESTIONS} - {*all_lessons()}))
def test_every_question_of_a_page_has_a_cell_that_waits_for_an_answer(name):
    cells = code(name)
    place = cells.index(next(cell for cell in cells if "quizzes.of_page" in cell))
    questions = quizzes.of_page(BOOK, name).quizzes
    for quiz, cell in zip(questions, cells[place + 1 :], strict=False):
        *comment, call = cell.splitlines()
        choices = [f"# - {option}" for option in quiz.options]
        prompt = comment[: len(comment) - len(choices)]
        assert " ".join(line.removeprefix("# ") for line in prompt) == quiz.prompt
        assert comment[len(prompt) :] == choices  # seen before the first try
        assert call == f'quizzes.check(book, "{quiz.name}", "your answer")'
        names = {"quizzes": quizzes, "book": BOOK}
        assert eval(call, names).words == "Write your answer between the quotes."
        assert eval(call.replace('"your answer"', repr(quiz.answer)), names).right
    assert sum("quizzes.check(" in cell for cell in cells) == len(questions)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_cell_and_the_code_of_every_task_runs_and_looks_for_words_that_a_table_has(
    name, monkeypatch
):
    """A learner has what the cells above have made, and nothing else.

    One cell shows what comes of a word that no table has.
    """
    monkeypatch.chdir(ROOT / "book")
    monkeypatch.setattr(output, "display", lambda *_, **__: None)
    names = dict(ran(name).names)
    said = [line for cell in code(name) for line in spelling.unknown(BOOK, cell, names)]
    tasks = prose.tasks()
    for text in tasks["text"][tasks["page"] == name]:
        for block, line in IN_TASKS.findall(text):
            exec(block or line, names)
            said += spelling.unknown(BOOK, block, names)
    assert [line.partition(";")[0] for line in said] == ["no thread 'Ungern'"] * (name == "ask")


def test_a_notebook_runs_as_it_is_from_the_top_down():
    made = deepcopy(notebook("mission"))
    folder = {"metadata": {"path": str(ROOT / "book")}}
    NotebookClient(made, kernel_name="python3", resources=folder).execute()
    replies = [
        cell.outputs[0].data["text/plain"]
        for cell in made.cells
        if cell.cell_type == "code" and "quizzes.check(" in cell.source
    ]
    assert replies == ["Write your answer between the quotes."] * 2


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_citation_keeps_its_brackets(name):
    text = "\n".join(c.source for c in notebook(name).cells if c.cell_type == "markdown")
    page = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    for keys in re.findall(r"\{cite\}`([^`]+)`", page):
        file = notebook_files()["sources"]
        links = ", ".join(f"[{key.strip()}]({file})" for key in keys.split(","))
        assert f"({links})" in text


def test_notebooks_lie_in_the_books_order_and_one_with_an_old_number_goes(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "NOTEBOOK_FOLDER", tmp_path / "notebooks")
    (tmp_path / "notebooks").mkdir()
    for name in ("77-war.ipynb", "77-mine.ipynb", "my notes.txt"):
        (tmp_path / "notebooks" / name).touch()
    assert notebooks.write() == []
    written = sorted(path.name for path in (tmp_path / "notebooks").iterdir())
    assert written == [*notebook_files().values(), "77-mine.ipynb", "my notes.txt"]
    assert [name[3:-6] for name in written[:-2]] == list(NOTEBOOKS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_link_between_notebooks_leads_to_a_file_that_will_be_there(name):
    text = "\n".join(c.source for c in notebook(name).cells if c.cell_type == "markdown")
    links = re.findall(r"\]\(([^)#:]+\.(?:ipynb|md))", text)
    there = {*notebook_files().values(), *(f"../book/{p.name}" for p in BOOK_PAGES)}
    assert [link for link in links if link not in there] == []


BOOK_PAGES = list((ROOT / "book").glob("*.md"))
CELLS = [
    "# where it all begins\nfrom pandas import DataFrame as frame",
    "table = frame({'one': [1, 2]})",
    "table = table.head(1)",
]


def told(early: list[str], tmp_path: Path, monkeypatch, saved: bool = True) -> list[str]:
    """What a notebook says of each of some cells that are run before all others."""
    cells = [nbformat.v4.new_markdown_cell("# Title\n\n## The story\n\nText")]
    cells += [nbformat.v4.new_code_cell(source) for source in (*CELLS, *early)]
    path = tmp_path / "mine.ipynb"
    if saved:
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    monkeypatch.setenv(mistakes.NOTEBOOK, str(path))
    return ["\n".join(output.traceback) for (output,) in run(early, tmp_path)]


MISTAKES = [
    ("table", "NameError: 'table' is not known yet. Run first the cell that begins with: table = frame({'one': [1, 2]}) (below 'The story'); or choose Run > Run All Above Selected Cell in the menu."),
    ("table = table.head(1)", "'table' is not known yet. Run first the cell that begins with: table = frame("),
    ("frame()", "begins with: from pandas import DataFrame as frame (below"),
    ("import pandas\npandas.DataFrame({'a': [1, 2], 'b': [1]})", "ValueError: the lists of a table must be equally long"),
]  # fmt: skip


def test_a_cell_that_is_run_too_early_says_which_to_run_first(tmp_path, monkeypatch):
    lines = told([cell for cell, _ in MISTAKES], tmp_path, monkeypatch)
    for line, (_, words) in zip(lines, MISTAKES, strict=True):
        assert words in line and "\n" not in line


@pytest.mark.parametrize(
    ("cells", "saved"), [({"evens": "evens", "x": "x = x + 1"}, True), ({"table": "table"}, False)]
)
def test_of_a_name_that_no_cell_makes_the_quotes_may_be_missing(
    cells, saved, tmp_path, monkeypatch
):
    lines = told([*cells.values()], tmp_path, monkeypatch, saved)
    for name, line in zip(cells, lines, strict=True):
        assert f'put it in quotes: "{name}"' in line and "not known yet" not in line
        assert "\n" not in line


def test_a_russian_notebook_speaks_russian_before_its_first_cell_has_run(tmp_path, monkeypatch):
    folder = tmp_path / "ru"
    folder.mkdir()
    (line,) = told(["table"], folder, monkeypatch)
    assert "пока неизвестно" in line


# What a learner types, and what the notebook answers: one line, which holds these words.
START = """import datetime as dt, pandas as pd, plotly.express as px
from treatybook import read
book = read(); events = book.events; people = book.people"""
ANSWERS = [
    ('events["titel"]', "no column 'titel'; there are: event_id, date, .*; did you mean 'title'"),
    ('events[["title", "dat"]]', "no column 'dat'; .* did you mean 'date'"),
    ('events.groupby("thred").size()', "no column 'thred'; .* did you mean 'thread'"),
    ('events.sort_values("dat")', "did you mean 'date'"),
    ('events.explode("peple")', "did you mean 'people'"),
    ('book.clauses.merge(book.codings, on="clause")', "did you mean 'clause_id'"),
    ('events.drop_duplicates("eventid")', "did you mean 'event_id'"),
    ('events.melt("event_id", ["dat"])', "did you mean 'date'"),
    ('events.pivot_table(index="thred", aggfunc="size")', "did you mean 'thread'"),
    ('events["title", "date"]', r"two pairs of brackets: \[\['title', 'date'\]\]"),
    ("events[3]", "a column is written in quotes, and this is not: 3"),
    ('people.set_index("person_id").loc["danzn"]', "no row 'danzn'; .* did you mean 'danzan'"),
    ('px.bar(events, x="thred")', "no column 'thred'; .* did you mean 'thread'"),
    ('px.bar(events, x="thread",\n    color="rose")', "there are: event_id, .* .line 1: px.bar"),
    ('events["date"] > "1921-05-01"', r"compare its \.earliest or \.latest day with dt\.date\("),
    ('events["date"][0].earliest < "1921"', r"write a day as dt\.date\(1921, 5, 1\)"),
    ('people["born"].map(lambda day: day.latest)', "an empty cell has no 'latest': .* .dropna"),
    ('events[events["date"].str.contains("1921")]', r"make it text first with \.map\(str\)"),
    ('events[events["date"] > dt.date(1921, 5, 1)]', r"\.earliest or \.latest"),
    ('events[events["thread"] == "west" & events["category"] == "war"]', r"brackets: \(…\) & \("),
    ('events[events["thread"].eq("west") and True]', "join conditions with & or |"),
    ('events.sort_value("date")', "DataFrame has no 'sort_value'; did you mean 'sort_values'"),
    ('events["date"][0].befor', "EdtfDate has no 'befor'; did you mean 'before'"),
    ("px.barr(events)", "plotly.express has no 'barr'; did you mean 'bar'"),
    ("from treatybook import timelin", "treatybook has no 'timelin'; did you mean 'timeline'"),
    ('events["date"][0].earliest()', r"is no function: take them away"),
    ('events("title")', r'a column stands in \[ \]: table\["title"\]'),
    ('pd.read_csv("second-coder.csv")', "no such file: put it beside the notebook"),
    ('events.head(0)["date"].map(str).str.len().idxmax()', "no row is left"),
    ("px.bar(x=[1]).update_layout(height='big')", "'height' property.*Type %tb into a new cell"),
]


def run(cells: list[str], folder: Path) -> list:
    """The outputs of cells in a kernel that tells mistakes as a notebook does."""
    mistakes.load_always(folder)
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(made, kernel_name="python3", allow_errors=True)
    client.extra_arguments = [f"--config={folder}/etc/ipython/ipython_config.json"]
    client.execute()
    return [cell.outputs for cell in made.cells]


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> dict[str, list]:
    """What the notebook answers to each cell of the tests below, all in one kernel."""
    of_pandas, of_python = ([cell for cell, _ in told] for told in (ANSWERS, UNREADABLE))
    cells = [START, *of_pandas, WHOLE, *of_python, *OWN_MISTAKES, *FILTERS, KNOWN]
    outputs = run(cells, tmp_path_factory.mktemp("kernel"))
    assert outputs[0] == []
    return dict(zip(cells, outputs, strict=True))


@pytest.mark.parametrize(("cell", "words"), ANSWERS)
def test_a_mistake_that_comes_to_light_in_pandas_or_plotly_is_one_line(cell, words, answers):
    (line,) = answers[cell][-1].traceback
    assert re.search(words, line) and "\n" not in line and len(line) < 700
    assert re.search(r" \[line \d: ", line)


RUSSIAN = [
    ('events["titel"]', "не найдено: столбец 'titel'; есть: event_id, .*; может быть, 'title'"),
    ("events[3]", "столбец: значение пишут в кавычках, а здесь другое: 3"),
    ('events["date"] > "1921-05-01"', "дата в таблицах — не текст"),
    ('people["born"].map(lambda day: day.latest)', "у пустой клетки нет 'latest'"),
    ('events[events["thread"].eq("west") and True]', "условия соединяют знаками & или |"),
    ("px.barr(events)", "в plotly.express нет 'barr'; может быть, 'bar'"),
    ("evens", "NameError: Имени 'evens' здесь нет"),
    ('len(events["title"]', "сосчитайте скобки"),
    ("timeline.timeline(3)", "book — сюда нужно: книга, как в book = read.., а здесь другое: 3"),
    ('army.numbers(book, thread="army")', "такого аргумента у функции нет: 'thread'"),
    ('timeline.timeline(book, "1921-13-01")', "1921-13-01: такого дня не было"),
    ('workshop.add(workshop.copy(book), "evnts", {})', "таблица 'evnts'; .*может быть, 'events'"),
    ('few = events[events["thread"] == "armi"]', "сюжетная нить 'armi'; .*; может быть, 'army'"),
]  # fmt: skip


def test_a_notebook_in_russian_tells_mistakes_in_russian(tmp_path):
    start = START.replace("read()", 'read(language="ru")')
    start += "\nfrom treatybook import army, timeline, workshop"
    first, *outputs = run([start, *(cell for cell, _ in RUSSIAN)], tmp_path)
    assert first == []
    for (cell, words), (out,) in zip(RUSSIAN, outputs, strict=True):
        told = out.text if out.output_type == "stream" else "\n".join(out.traceback)
        line = told.strip().split("\n")[-1]
        assert re.search(words, line), (cell, line)
        # Names of the code are left, and no sentence in English.
        said = line.partition(" [строка")[0]
        assert not re.search(r"\b(the|is|and|there are|this)\b", said), said


UNREADABLE = [
    ("len([1, 2", "count the brackets"),
    ("len([1, 2)", "count the brackets"),
    ("x = 3]", "count the brackets"),
    ('print("title)', "a quote that opens a text needs one that closes it"),
    ('print("title" "date" x)', "a comma or a quote is missing"),
    ("print(“title”)", "straight quotes"),
    ("if x = 2:\n    y = 3", "write == and not ="),
    ("print(1921, 05, 01)", "write 5 and not 05"),
    ("for x in [1]:\nprint(x)", "begin with four blanks"),
    ("x = 1\n  y = 2", "take away the blanks"),
    ("if True\n    x = 1", "a colon is missing"),
    ("len x", "a sign is missing or too much"),
]


def test_what_python_cannot_read_is_told_plainly_below_the_place(answers):
    for cell, words in UNREADABLE:
        (out,) = answers[cell]
        lines = "\n".join(out.traceback).strip().split("\n")
        assert words in lines[-1] and lines[-2].strip() == "^", cell
        assert len(lines) == 4


WHOLE = "%tb"


def test_all_that_python_says_of_a_mistake_can_still_be_seen(answers):
    before = answers[ANSWERS[-1][0]][-1].traceback
    assert len(before) == 1
    assert "plotly/basedatatypes" in "".join(answers[WHOLE][-1].traceback)


OWN_MISTAKES = ["int('a')", "{}['x']", "def f():\n    return 1 + '1'\nf()"]


def test_mistakes_in_the_lines_of_a_learner_alone_keep_pythons_own_words(answers):
    for cell in OWN_MISTAKES:
        assert "Traceback" in "".join(answers[cell][-1].traceback)


def test_who_builds_a_page_sees_all_that_python_says(tmp_path, monkeypatch):
    monkeypatch.setenv(output.PAGE_VARIABLE, "1")
    _, (out,) = run([START, 'events["titel"]'], tmp_path)
    assert "pandas/core/indexes" in "".join(out.traceback)


FILTERS = {
    'late = events[events["thread"].isin(["state", "armi"])]': "army",
    'kinds = ["rifles", "gun"]\nfew = book.forces[book.forces["measure"].isin(kinds)]': "guns",
    'few = people[people["group"].eq("Mongol")]': "mongols",
    'few = events.set_index("event_id")\nfew = few[few["evidence"] != "unverifid"]': "unverified",
}
KNOWN = 'few = events[events["thread"].isin(["state", ""]) & events["title"].eq("No such title")]'


def test_a_word_of_a_filter_that_no_table_has_is_told_with_the_nearest(answers):
    for cell, near in FILTERS.items():
        (out,) = answers[cell]
        assert out.text.count("\n") == 1
        assert f"did you mean '{near}'?" in out.text
    assert answers[KNOWN] == []


def test_what_an_environment_has_set_for_its_kernels_stays(tmp_path: Path):
    (tmp_path / "etc" / "ipython").mkdir(parents=True)
    config = tmp_path / "etc" / "ipython" / "ipython_config.json"
    config.write_text("{}")
    mistakes.load_always(tmp_path)
    assert config.read_text() == "{}"
    mistakes.load_always(config)  # nothing can be written there


def test_a_launch_button_opens_the_notebook_of_its_page():
    start = "https://mybinder.org/v2/gh/example/fork/main?urlpath=lab/tree/"
    buttons = [{"type": "link", "url": f"{start}book/war.md"}]
    groups = [{"type": "group", "label": "launch-buttons", "buttons": buttons}]
    addresses.launch_notebook(None, "book/war", "page.html", {"header_buttons": groups}, None)
    assert buttons[0]["url"] == f"{start}notebooks/{notebook_files()['war']}"
