"""Other languages: pages cut into messages and put together again, catalogues, one site of both."""

from __future__ import annotations

import json
import re
from pathlib import Path

import compare_sites
import lxml.html
import pytest
from babel.messages.catalog import Catalog
from bs4 import BeautifulSoup
from conftest import PAGES, ROOT, SITE, build, copy_repository
from treatybook.evidence import prose, wording
from treatybook.site import catalogues, cutting, fresh, translation

PAGE = """---
kernelspec:
  name: python3
---

# What is *asked*?

One sentence.
And one with {date}`a-key`.

- a point
  on two lines;
- 12

> said

| head | 7 |
|---|---|
| a cell | 8 |

:::{admonition} Learn
:class: tb-door
Words inside.
:::

::::{task} a-task
:kind: change-it
:aim: See a thing.

Do it.

````{dropdown} Model answer
```python
# A comment
show(plot, headline=f"{n} of them are new", data=frame["a key"])
```
````
::::

```{code-cell} ipython3
:tags: [hide-input]
book = read()
x = "one-word"  # why
```

```{glossary}
word
  What it means
  on two lines.
```
"""
MESSAGES = [
    "What is *asked*?",
    "One sentence.\nAnd one with {date}`a-key`.",
    "a point\non two lines;",
    "said",
    "head",
    "a cell",
    "Learn",
    "Words inside.",
    "See a thing.",
    "Do it.",
    "Model answer",
    "A comment",
    "{n} of them are new",
    "a key",
    "why",
    "word",
    "What it means\non two lines.",
]


def put_together(text: str, translate) -> str:
    lines = text.split("\n")
    for part in reversed(cutting.parts(text)):
        lines[part.start : part.end] = part.write([translate(one) for one in part.messages])
    return "\n".join(lines)


def test_a_page_is_cut_into_all_that_is_read_and_nothing_else():
    assert [m for part in cutting.parts(PAGE) for m in part.messages] == MESSAGES


def test_words_return_to_their_place():
    told = put_together(PAGE, lambda message: "\n".join(f"<{x}>" for x in message.split("\n")))
    for message in MESSAGES:
        for line in message.split("\n"):
            assert f"<{line}>" in told
    assert "- <a point>\n  <on two lines;>\n- 12" in told
    assert "> <said>" in told
    assert "| <a cell> | 8 |" in told
    assert ":aim: <See a thing.>" in told
    assert '# <A comment>\nshow(plot, headline=f"<{n} of them are new>"' in told
    assert "\n  <What it means>\n  <on two lines.>\n" in told


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_the_same_when_nothing_is_translated(name: str):
    text = prose.text_of_page(name)
    assert put_together(text, lambda message: message) == text


def test_what_stands_before_a_line_on_paper_is_translated_and_a_number_of_lines_is_not():
    step = "```{step} a\n:minutes: %s\n:lines: %s\n\nWrite.\n```\n"
    told = [m for part in cutting.parts(step % ("0–5", "3")) for m in part.messages]
    assert told == ["Write."]
    told = [m for part in cutting.parts(step % ("between", "who? / when?")) for m in part.messages]
    assert told == ["between", "who? / when?", "Write."]


def catalogue(folder: Path, page: str, language: str = "ru", **words: str) -> None:
    made = Catalog(locale=language)
    for message, translated in words.items():
        made.add(message, translated)
    catalogues._write(made, folder / "locale" / language / "pages" / f"{page}.po")


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book of one page whose title alone is translated."""
    (tmp_path / "_toc.yml").write_text("parts:\n  - caption: Words\n    chapters:\n", "utf-8")
    settings = (
        "title: T\nauthor: A\nhtml: {extra_footer: F}\nsphinx: {config: {numbered_parts: []}}"
    )
    (tmp_path / "_config.yml").write_text(settings, "utf-8")
    (tmp_path / "CITATION.cff").write_text("title: 'T: U'\nauthors: [{name: A}]", "utf-8")
    monkeypatch.setattr(translation, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(prose, "texts", lambda: {"page": PAGE})
    monkeypatch.setattr(prose, "text_of_page", lambda page: PAGE)
    words = ["a word", ("{n} row", "{n} rows")]
    monkeypatch.setattr(catalogues, "package_messages", lambda: words)
    translation.catalogue_of.cache_clear()
    yield tmp_path
    translation.catalogue_of.cache_clear()


def test_a_page_says_which_of_its_lines_are_not_translated_and_keeps_its_anchors(small: Path):
    catalogue(small, "page", **{"What is *asked*?": "Что спрашивают?", "Do it.": "Сделайте.\nВот."})
    text, known = translation.page_in("ru", "page")
    lines = text.split("\n")
    assert "# Что спрашивают?" in lines
    assert 'book = read(language="ru")' in lines
    english = {lines[number - 1] for number in known["english"]}
    assert "And one with {date}`a-key`." in english
    assert "Words inside." in english
    assert not english & {"# Что спрашивают?", "Сделайте.", "Вот.", "| 7 | 8 |", "- 12"}
    assert known["anchors"] == ["what-is-asked"]


def test_a_page_is_written_anew_if_it_or_a_word_of_its_language_has_changed(
    small: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fresh, "ROOT", small)
    target, edition = small / "out" / "page.md", small / "out" / "edition.json"

    def written() -> str:
        translation.catalogue_of.cache_clear()
        translation._write_pages("ru", {target: "page"}, edition)
        text = target.read_text("utf-8")
        target.write_text("untouched", "utf-8")
        return text

    assert "# What is *asked*?" in written()
    assert written() == "untouched"
    catalogue(small, "page", **{"What is *asked*?": "Что спрашивают?"})
    assert "# Что спрашивают?" in written()
    assert json.loads(edition.read_text("utf-8"))["page"]["anchors"] == ["what-is-asked"]
    monkeypatch.setattr(prose, "text_of_page", lambda page: f"{PAGE}\nMore.\n")
    assert "More." in written()
    assert written() == "untouched"


def test_a_renewed_catalogue_keeps_what_is_translated_and_marks_what_is_only_alike(small: Path):
    catalogue(small, "page", **{"Do it.": "Сделайте.", "Words inside it.": "Слова.", "Gone": "Нет"})
    catalogues.renew("ru")
    written = (small / "locale/ru/pages/page.po").read_text("utf-8")
    assert 'msgid "Do it."\nmsgstr "Сделайте."' in written
    assert '#, fuzzy\nmsgid "Words inside."\nmsgstr "Слова."' in written
    assert "Gone" not in written
    # What is only alike is not shown to readers.
    assert translation.found("ru", "page", "Words inside.") == ""
    assert "Words inside." in catalogues.missing("ru")["page"]
    catalogues.renew("ru")
    assert (small / "locale/ru/pages/page.po").read_text("utf-8") == written
    package = (small / "locale/ru/package.po").read_text("utf-8")
    assert 'msgid_plural "{n} rows"\nmsgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] ""' in package


def test_catalogues_are_those_of_the_pages_as_they_are():
    """After a change of a page: ``python -m treatybook translate``."""
    for page, told in catalogues.messages().items():
        path = translation.catalogue_file("ru", page)
        kept = {str(m.id) for m in translation.catalogue_of(path, "ru") if m.id}
        assert kept == set(told), f"{page}: run python -m treatybook translate"


def test_the_example_for_translators_leads_to_its_page(tmp_path: Path, monkeypatch):
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (example,) = re.findall(r"```po\n(.*?)```", guide, re.DOTALL)
    path = tmp_path / "chronology.po"
    path.write_text(re.sub(r"^ +", "", example, flags=re.MULTILINE), "utf-8")
    monkeypatch.setattr(translation, "catalogue_file", lambda language, page: path)
    text, _ = translation.page_in("ru", "chronology")
    assert "\n# Что произошло и когда?\n" in text


def test_a_text_without_a_translation_stays_english(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wording, "_spoken", "ru")
    assert wording._("no such text") == "no such text"
    assert wording.plural("{n} odd row", "{n} odd rows", 2) == "2 odd rows"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_leads_to_itself_in_the_other_language_and_back(site: Path, name: str):
    pages = {"en": f"book/{name}.html", "ru": f"ru/book/{name}.html"}
    read = {one: lxml.html.parse(site / path).getroot() for one, path in pages.items()}
    for language, other in (("en", "ru"), ("ru", "en")):
        page = read[language]
        assert page.get("lang") == language
        (link,) = page.xpath("//nav[contains(@class, 'tb-languages')]/a")
        assert (link.get("hreflang"), link.get("lang")) == (other, other)
        target = (site / pages[language]).parent / link.get("href")
        assert target.resolve() == (site / pages[other]).resolve()
        told = {
            tag.get("hreflang"): tag.get("href") for tag in page.xpath("//link[@rel='alternate']")
        }
        assert told["ru"].endswith(f"/{pages['ru']}")
        assert told["en"].endswith(f"/{pages['en']}") and "/ru/" not in told["en"]
    sections = {
        one: [part.get("id") for part in page.xpath("//article//section[@id]")]
        for one, page in read.items()
    }
    assert sections["ru"] == sections["en"]


def test_both_languages_load_one_figure_library(site: Path):
    assert len(list(site.rglob("plotly.min.js"))) == 1
    page = (site / "ru/book/war.html").read_text("utf-8")
    (library,) = re.findall(r'name="tb-library" content="([^"]+)"', page)
    assert (site / "ru/book" / library).is_file()


def test_english_words_on_a_russian_page_are_marked(soup):
    page = soup("ru/book/war.html")
    marked = page.select(".tb-untranslated")
    assert all(part["lang"] == "en" for part in marked)
    cyrillic = [part.get_text() for part in marked if re.match(r"[а-яё ,.]{40}", part.get_text())]
    assert cyrillic == []


TITLES = {
    "index": "Moscow–Urga 1921: what was agreed, and how do we know?",
    "clauses": "What did the two governments promise each other?",
    "lesson-1": "Who led the mission?",
}
SWITCH = (
    (r'\s*<nav class="tb-languages.*?</nav>\s*', ""),
    (r'\s*<link rel="alternate" hreflang="[^"]*" href="[^"]*">', ""),
)


@pytest.mark.rare
def test_a_further_language_needs_its_name_and_catalogues_and_changes_no_english_page(
    site: Path, tmp_path: Path
):
    folder = copy_repository(tmp_path)
    listed = folder / "book" / "treatybook" / "evidence" / "wording.py"
    text = listed.read_text("utf-8")
    assert '"ru": "Русский"' in text
    listed.write_text(text.replace('"ru": "Русский"', '"eo": "Esperanto"'), "utf-8")
    for number, (page, title) in enumerate(TITLES.items()):
        catalogue(folder, page, "eo", **{title: f"Demando {number}"})
    done = build(folder, BOOK_REPOSITORY="https://github.com/example/fork", BOOK_SITE=SITE)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    made = folder / "_build" / "html"
    for number, name in enumerate(TITLES):
        page = BeautifulSoup((made / f"eo/book/{name}.html").read_text("utf-8"), "html.parser")
        assert page.html["lang"] == "eo"
        assert page.h1.get_text().startswith(f"Demando {number}")
        assert page.select(".tb-untranslated[lang=en]")
    masks = (*compare_sites.MASKS, *SWITCH)
    for name in PAGES:
        before, after = [(one / "book" / f"{name}.html").read_text("utf-8") for one in (site, made)]
        assert compare_sites.masked(before, masks) == compare_sites.masked(after, masks), name
