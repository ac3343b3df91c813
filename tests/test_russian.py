"""What surrounds the pages' own words is said in Russian on Russian pages, and leads to their places."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import plotly.express as px
import pytest
import sphinx
from conftest import ROOT
from playwright.sync_api import Browser, expect
from treatybook.display import labels, learners, spoken_plots
from treatybook.display.marking import mark
from treatybook.display.rendering import quiz_html
from treatybook.evidence import languages, prose, wording
from treatybook.site import bar, catalogues, chapters, cutting, static_figures, translation
from treatybook.teaching import lessons, quizzes
from treatybook.views import basemap

SCRIPTS = [
    *(ROOT / "book" / "_static").glob("*.js"),
    *(ROOT / "book" / "treatybook" / "site" / "assets").rglob("*.js"),
]
CYRILLIC = re.compile("[а-яё]")
SAID = re.compile(r'\b_\(\s*"((?:[^"\\]|\\.)+)"')
# No page may make a function out of a text.
POLICY = "<meta http-equiv='Content-Security-Policy' content=\"script-src 'unsafe-inline'\">"


@pytest.fixture
def russian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_spoken", "ru")


def script(name: str) -> str:
    return (ROOT / "book" / "_static" / name).read_text("utf-8")


def scripted(body: str) -> str:
    """A Russian page with Sphinx's scripts, the words of the site and the script of all pages."""
    doctools = Path(sphinx.__file__).parent / "themes" / "basic" / "static" / "doctools.js"
    parts = (
        "const DOCUMENTATION_OPTIONS = {};",
        doctools.read_text("utf-8"),
        catalogues.words_script("ru"),
        script("finding.js"),
        script("treatybook.js"),
    )
    scripts = "".join(f"<script>{part}</script>" for part in parts)
    return f'<html lang="ru"><head>{POLICY}</head><body>{body}{scripts}</body></html>'


# The figures --------------------------------------------------------------------------------------


def test_plotly_says_months_numbers_and_buttons_in_the_language_of_the_page(russian):
    told = spoken_plots.config()
    own = told["locales"][told["locale"]]
    assert (own["format"]["months"][4], own["format"]["shortMonths"][4]) == ("мая", "май")
    assert own["format"]["days"][0] == "воскресенье"  # plotly's weeks begin with it
    assert (own["format"]["decimal"], own["format"]["thousands"]) == (",", "\N{NO-BREAK SPACE}")
    assert all(CYRILLIC.search(words) for words in own["dictionary"].values())
    assert spoken_plots.days()["tickformatstops"][0]["value"].startswith("%-d %B")


def test_plotly_is_left_alone_in_english():
    assert spoken_plots.locale() == {}


def test_a_drawing_of_another_language_is_kept_apart(monkeypatch):
    drawing = {"data": [], "layout": {}}
    english = static_figures._kept("wide", drawing)
    monkeypatch.setattr(wording, "_spoken", "ru")
    assert static_figures._kept("wide", drawing) != english


def test_the_base_map_names_everything_in_russian(book, russian):
    names = [trace.name for trace in basemap.base(book)]
    assert [name for name in (*names, *basemap.areas()) if not CYRILLIC.search(name)] == []


def test_a_column_of_a_cell_is_headed_in_russian(book, russian):
    rows = pd.DataFrame({"office": ["a", "b"], "statements": [1.5, 2]})
    plot = px.bar(rows, x=["statements"], y="office")
    made, _columns = learners.drawing(book, plot, rows)
    assert made.layout.yaxis.title.text == "Должность"
    assert labels.frame(labels.Words(book), rows).columns.tolist() == ["Должность", "Утверждения"]
    assert labels.frame(labels.Words(book), rows).iloc[0, 1].text == "1,5"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('rows.loc[known, "about"] = "dates"', ["dates"]),
        ('rows.loc[known, "direction"] = "mutual"', []),
        ('pd.DataFrame([("throne", "mutual")], columns=["office", "direction"])', ["throne"]),
        ('rows["one"] + " and " + rows["other"]', [" and "]),
        ('rows["language"].fillna("another")', ["another"]),
    ],
)
def test_a_word_that_a_cell_writes_is_translated_and_a_code_is_not(cell: str, shown: list[str]):
    told = cutting.parts(f"```{{code-cell}} ipython3\n{cell}\n```\n")
    assert [message for part in told for message in part.messages] == shown


@pytest.mark.parametrize("name", ["map.svg", "sheet.svg"])
def test_a_drawing_with_words_is_there_in_russian(name: str):
    drawing = (ROOT / "book" / "art" / "ru" / name).read_text("utf-8")
    assert CYRILLIC.search(re.search("<title>(.*)</title>", drawing)[1])


# The scripts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_what_a_script_says_is_given_to_translators(path: Path):
    assert set(SAID.findall(path.read_text("utf-8"))) <= catalogues.script_messages()


def test_everything_that_scripts_say_is_said_in_russian():
    told = catalogues.words_script("ru")
    keys = [one if isinstance(one, str) else one[0] for one in catalogues.script_messages()]
    assert len(keys) > 30 and [key for key in keys if f'"{key}": ' not in told] == []


def test_a_script_speaks_russian_where_no_function_may_be_made_of_a_text(book, browser: Browser):
    page, faults = browser.new_page(), []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content(scripted(quiz_html(quizzes.of_page(book, "mission"))))
    form = page.locator(".tb-quiz").first
    form.locator("button").click()
    expect(form.get_by_role("status")).to_have_text("Сначала дайте ответ.")
    said = [
        page.evaluate(
            "n => Documentation.ngettext('{n} page or heading.', '{n} pages or headings.', n)", n
        )
        for n in (1, 3, 11, 21)
    ]
    assert said == [
        "{n} страница или заголовок.",
        "{n} страницы или заголовка.",
        "{n} страниц или заголовков.",
        "{n} страница или заголовок.",
    ]
    assert faults == []
    page.close()


def test_the_switch_leads_to_the_place_where_the_reader_is(browser: Browser, tmp_path: Path):
    place = tmp_path / "here.html"
    link = '<a class="tb-language" href="ru/here.html" hreflang="ru">Русский</a>'
    place.write_text(scripted(f'{link}<p id="first">x</p><p id="second">y</p>'), "utf-8")
    page = browser.new_page()
    page.goto(f"{place.as_uri()}#first")
    link = page.locator(".tb-language")
    expect(link).to_have_attribute("href", re.compile("here.html#first$"))
    page.evaluate("location.hash = 'second'")
    expect(link).to_have_attribute("href", re.compile("here.html#second$"))
    page.close()


# The pages ----------------------------------------------------------------------------------------


def test_a_passage_is_named_by_the_heading_of_its_page(monkeypatch: pytest.MonkeyPatch):
    """The page of the heading is built in the same language, so its heading is another."""
    known = {("mission", "The story"): "Рассказ"}
    monkeypatch.setattr(
        translation, "found", lambda language, page, message: known.get((page, message), "")
    )
    source = "# A\n\n```{passage} mission > The story\n```\n\n```{passage} war > The story\n```\n"
    monkeypatch.setattr(prose, "text_of_page", lambda page: source)
    text, _ = translation.page_in("ru", "lesson-1")
    assert [one.argument for one in prose.directives(text, "passage")] == [
        "mission > Рассказ",
        "war > The story",
    ]


@pytest.mark.usefixtures("russian")
def test_what_only_a_teacher_reads_is_found_under_russian_names():
    name, text = "lesson-1", prose.text_of_page("lesson-1")
    before = lessons.all_lessons()[name].items
    for english, words in lessons.item_names().items():
        assert english != words
        text = text.replace(f"**{english}.** ", f"**{words}.** ")
    assert lessons._lesson(name, text).items == before


@pytest.mark.usefixtures("russian")
@pytest.mark.parametrize(
    ("minutes", "words"),
    [(20, "½ часа"), (60, "1 час"), (61, "1½ часа"), (240, "4 часа"), (300, "5 часов")],
)
def test_a_long_time_is_told_in_russian(minutes: int, words: str):
    assert chapters.duration(minutes) == words


@pytest.mark.usefixtures("russian")
def test_the_way_and_the_time_of_a_russian_chapter_are_read_and_told():
    toc = {"root": "index", "parts": [{"caption": "История", "chapters": [{"file": "book/war"}]}]}
    texts = {"war": "# Чья война?\n\n*Около 25 минут. Python не нужен.*\n"}
    ((chapter,),) = chapters.contents(toc, texts, ["История"]).values()
    assert chapter.place == "1 из 1 · 25 минут"


@pytest.mark.usefixtures("russian")
def test_the_bar_speaks_russian_whatever_the_theme_calls_its_buttons():
    button = '<button class="btn search-button" title="Поиск" aria-label="Поиск"><i></i></button>'
    page = f'<div class="bd-header-article">{button}</div><div id="jb-print-docs-body"></div>'
    assert '<i></i><span class="tb-label">Поиск</span></button>' in bar.named(page)
    assert all(re.search("[А-я]", word) and "(" not in word for word in bar.names().values())


def test_a_russian_page_marks_only_what_is_not_russian(book):
    known = languages.known(book)
    html = '<p>Он и Сүхбаатар, 张作霖</p><p lang="en">Danzan (Данзан)</p><p>Ленин</p>'
    assert mark(html, known, "ru") == (
        '<p>Он и <span lang="mn">Сүхбаатар</span>, <span lang="zh">张作霖</span></p>'
        '<p lang="en">Danzan (<span lang="ru">Данзан</span>)</p><p>Ленин</p>'
    )
