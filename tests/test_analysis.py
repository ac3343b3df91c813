"""The pages compute in the open, say what came out of it, and say a doubt once."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

import pandas as pd
import pytest
import yaml
from conftest import ROOT, ran
from treatybook.display import output
from treatybook.evidence import dates, prose

CHAPTERS = {"The story", "The agreement", "Afterwards"}
INDEXES = ("chronology", "disagreements", "people", "places", "memory")
LONGEST = 12  # lines of a cell that computes
FOLDED = re.compile(r"\b(?:hide-input|hide-cell|remove-[a-z]+)\b")
# What gives a yes or no for each row.
ASKS = set(
    "isin eq ne lt le gt ge between contains startswith endswith isna notna duplicated".split()
)
MEANS = {
    "group": {"groupby", "value_counts", "crosstab"},
    "pivot": {"pivot", "pivot_table"},
    "filter": {"query"},
    "join": {"merge", "join", "map"},
}
BOUNDS = {"earliest", "latest", "before", "days"}


def pages_that_compute() -> list[str]:
    """The chapters of the story, and the pages that lay out the evidence."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = [part["chapters"] for part in toc["parts"] if part["caption"] in CHAPTERS]
    chapters = [item["file"].removeprefix("book/") for part in parts for item in part]
    return list(dict.fromkeys([*chapters, *INDEXES]))


def visible_cells(text: str) -> list[str]:
    """The code of the cells that a reader of a page sees without a click."""
    lines = text.split("\n")
    cells = prose.directives(text, "code-cell")
    heads = ["\n".join(lines[slice(*cell.lines)]).rpartition(cell.content)[0] for cell in cells]
    return [
        cell.content for cell, head in zip(cells, heads, strict=True) if not FOLDED.search(head)
    ]


def is_mask(node: ast.expr, masks: set[str]) -> bool:
    """Whether an expression is a yes or no for each row, such as ``events["date"] > day``."""
    match node:
        case ast.Compare():
            return True
        case ast.Name(id=name):
            return name in masks
        case ast.UnaryOp(operand=inner) | ast.ListComp(elt=inner):
            return is_mask(inner, masks)
        case ast.BinOp(left=left, right=right):
            return is_mask(left, masks) or is_mask(right, masks)
        case ast.Tuple(elts=parts):
            return any(is_mask(part, masks) for part in parts)
        case ast.Call(func=ast.Attribute(attr="map"), args=[ast.Lambda()]):
            return True
        case ast.Call(func=ast.Attribute(value=inner, attr="all" | "any")):
            return is_mask(inner, masks)
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in ASKS
    return False


def is_join(call: ast.Call) -> bool:
    """Whether a call looks something up in another table; ``", ".join(…)`` does not."""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join")):
            return False
        case ast.Call(func=ast.Attribute(attr="map"), args=[ast.Name(id=name), *_]):
            return name not in {"str", "int", "len"}
        case ast.Call(func=ast.Attribute(attr="map"), args=[what, *_]):
            return isinstance(what, ast.Attribute | ast.Subscript)
    return True


def analyses(code: str, masks: set[str] | None = None) -> set[str]:
    """What a cell does with tables: filter, group, join, pivot, or bounds of dates.

    Names of masks are added to those of the cells above.
    """
    tree = ast.parse(code)
    masks = set() if masks is None else masks
    for line in tree.body:
        if isinstance(line, ast.Assign) and is_mask(line.value, masks):
            masks |= {name.id for name in line.targets if isinstance(name, ast.Name)}
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(slice=inside) if is_mask(inside, masks):
                found.add("filter")
            case ast.Attribute(attr=name) if name in BOUNDS:
                found.add("bounds")
            case ast.Call(func=ast.Attribute(attr=name)):
                means = {kind for kind, names in MEANS.items() if name in names}
                found |= means if means != {"join"} or is_join(node) else set()
    return found


def cells_that_compute(page: str) -> list[str]:
    masks: set[str] = set()
    return [cell for cell in visible_cells(prose.text_of_page(page)) if analyses(cell, masks)]


@pytest.mark.parametrize("page", pages_that_compute())
def test_a_page_computes_in_the_open(page):
    cells = cells_that_compute(page)
    assert len(cells) >= 2
    assert [cell for cell in cells if len(cell.strip().split("\n")) > LONGEST] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('events[["date", "title"]].head(4)', set()),
        ('show(events.sort_values("date").head(), headline=", ".join(names))', set()),
        ("assert len(events) > 3\ndone = events['date'].map(str)", set()),
        ('events[events["thread"] == "west"]', {"filter"}),
        ('west = events["thread"].eq("west") & late\nevents.loc[~west, "date"]', {"filter"}),
        ("events.query(\"thread == 'west'\")", {"filter"}),
        ('pd.crosstab(events["thread"], events["confidence"])', {"group"}),
        ('clauses.merge(labels, on="clause_id")["topic"].value_counts()', {"join", "group"}),
        ('terms["begins"].map(date)', {"join"}),
        ('near.pivot_table(index="topic", aggfunc="size")', {"pivot"}),
        ("(end.earliest - begin.latest).days", {"bounds"}),
    ],
)
def test_a_sort_alone_is_no_analysis(code, found):
    assert analyses(code) == found


def test_a_folded_cell_is_not_visible():
    heads = (
        "",
        ":tags: [hide-input]\n",
        "---\ntags: [hide-output]\n---\n",
        "---\ntags: [remove-cell]\n---\n",
    )
    page = "\n\n".join(f"```{{code-cell}} ipython3\n{head}{n}\n```" for n, head in enumerate(heads))
    assert visible_cells(page) == ["0\n", "2\n"]


# What stands in brackets in a sentence of this file is what the expression below it gives, after
# the cells of the page or, for a sentence of a task, after the code of its model answer too.
# Behind "=" stands what the words say without a number, or in another way.
HELD = (ROOT / "tests" / "held.txt").read_text(encoding="utf-8")
ROW = re.compile(
    r"(?P<words>(?:^\S.*\n)+)(?P<code>(?:^    (?!= ).*\n)+)(?:^    = (?P<value>.*)\n)?",
    re.MULTILINE,
)
SMALL = (
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SPELLED = {word: number for number, word in enumerate(SMALL)}
SPELLED |= {ten: 10 * number for number, ten in enumerate(TENS, 2)}
SPELLED |= {f"{ten}-{one}": SPELLED[ten] + SPELLED[one] for ten in TENS for one in SMALL[1:10]}
SPELLED |= dict.fromkeys(("none", "nobody", "nought"), 0)
SPELLED |= {f"{one} hundred": 100 * SPELLED[one] for one in SMALL[1:10]}
SPELLED |= {"both": 2, "single": 1, "a hundred": 100, "half": 0.5}
TRUTH = {"none": None, "true": True, "false": False}
IN_BRACKETS = re.compile(r"\[([^]]+)\]")
CODE = re.compile(r"```python\n(.+?)```", re.DOTALL)


def meant(words: str) -> object:
    """What words say: a number, a day, or themselves; in code marks, a truth."""
    low = words.lower()
    if low in SPELLED:
        return SPELLED[low]
    if words.startswith("`"):
        return TRUTH.get(low.strip("`"), words.strip("`"))
    if re.fullmatch(r"\d[\d,]*", words):
        return int(words.replace(",", ""))
    try:
        return dt.datetime.strptime(words, "%d %B %Y").date()
    except ValueError:
        return words


def plain(value: object) -> list[object]:
    """The single values of whatever an expression gives, as the words of a page can say them."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        value = value.item() if hasattr(value, "item") else value
        if isinstance(value, pd.Timestamp):
            return [value.date()]
        return [str(value) if isinstance(value, dates.EdtfDate) else value]
    return [single for part in value for single in plain(part)]


def one_line(text: str) -> str:
    return " ".join(text.split())


@cache
def read(place: str) -> tuple[str, dict[str, object]]:
    """The text of a page or of a task, and the names that its code makes."""
    tasks = prose.tasks().set_index("name")
    if place not in tasks.index:
        return one_line(prose.text_of_page(place)), ran(place).names
    page, text = tasks.loc[place, ["page", "text"]]
    # The frames of the page stay as they are, whatever an answer does to them.
    frames = ran(page).names.items()
    names = {name: it.copy() if isinstance(it, pd.DataFrame) else it for name, it in frames}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(output, "display", lambda *_, **__: None)
        for code in CODE.findall(text):
            exec(code, names)
    return one_line(text), names


def own_words(names: dict[str, object]) -> dict[str, object]:
    """What an expression can use beside the names of its page."""
    when = names["book"].events.set_index("event_id")["date"].__getitem__
    return {"dt": dt, "parse": dates.parse, "when": when}


def fold(value: object) -> object:
    """A name at the head of a sentence begins with a capital; true is not one."""
    return str(value).casefold() if isinstance(value, str | bool) else value


def held() -> list[tuple[str, str, str, tuple[object, ...]]]:
    """Page or task, words, expression, and what is given beside the words."""
    return [
        (
            place,
            one_line(row["words"]),
            one_line(row["code"]),
            ast.literal_eval(f"({row['value']},)") if row["value"] else (),
        )
        for part in HELD.split("# ")[1:]
        for place, _, rows in [part.partition("\n")]
        for row in ROW.finditer(rows)
    ]


@pytest.mark.parametrize(
    ("place", "words", "code", "beside"),
    [pytest.param(*row, id=f"{row[0]}: {row[1][:50]}") for row in held()],
)
def test_what_the_prose_says_is_what_the_cells_give(place, words, code, beside):
    text, names = read(place)
    assert IN_BRACKETS.sub(r"\1", words) in text
    says = [*map(meant, IN_BRACKETS.findall(words)), *beside]
    assert says
    given = plain(eval(code, {**names, **own_words(names)}))
    assert [fold(part) for part in given] == [fold(part) for part in says]


def test_no_line_of_the_held_sentences_is_lost():
    assert {line[:2] for line in ROW.sub("", HELD).splitlines()} <= {"", "# "}
    assert len(held()) == len(set(held())) == len(ROW.findall(HELD))


@pytest.mark.parametrize("page", pages_that_compute())
def test_a_page_has_two_sentences_that_are_held(page):
    assert Counter(place for place, *_ in held())[page] >= 2


@pytest.mark.parametrize("page", pages_that_compute())
def test_a_page_lets_its_reader_change_what_it_computes(page):
    """That the code runs is tested with the tasks."""
    answers = prose.tasks().groupby("page")["text"].sum()
    assert CODE.findall(answers[page]) != []


# How a page says that somebody has not looked. The name of a level, "only remembered", is not one
# of them, nor is what a source does not say.
LOOKED = "(?:read|seen|found|checked)"
DOUBTS = (
    rf"not (?:yet |been ){{0,2}}{LOOKED}",
    "never read",
    "unread",
    "unseen",
    "unchecked",
    rf"(?:nobody|no one|nothing|none)(?: else| here| of \w+)?(?: who| that)?(?: was| were)? {LOOKED}",
    rf"(?:nobody|no one|nothing|none)(?: else| here)? (?:has|have)(?: yet| been){{0,2}} {LOOKED}",
    rf"no (?:\w+ )?\w+(?: who| that)? (?:was|were|has been|have been)(?: yet)? {LOOKED}",
    "no source read",
)
MOST_DOUBTS = 60


def test_doubt_is_said_once():
    said = re.compile(rf"\b(?:{'|'.join(DOUBTS)})\b", re.IGNORECASE)
    # A label that is explained is no doubt: "*not seen* means ...".
    labels = re.compile(r"""[*"]not (?:seen|checked)[*"]""")
    texts = {page: labels.sub("", one_line(text)) for page, text in prose.texts().items()}
    found = Counter({page: len(said.findall(text)) for page, text in texts.items()})
    assert found.total() <= MOST_DOUBTS, found.most_common()
