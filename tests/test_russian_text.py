"""The Russian text as a whole: nothing English left, and one word for one thing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from lxml import etree, html
from treatybook.evidence import wording
from treatybook.evidence.bibliography import IN_WORDS, SIGNS
from treatybook.evidence.tables import Book, opened
from treatybook.evidence.validation import untranslated
from treatybook.site import catalogues

LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’-]*[A-Za-zÀ-ɏ]")
# What is code or written in a language of its own.
CODE = {"script", "style", "noscript", "pre", "code", "kbd"}
CODE_CLASSES = {"highlight", "math", "tb-language"}
OTHER = {"mn", "zh", "ja", "fa", "de", "fr"}
FOREIGN = re.compile(r"[^\x00-ɏ’]+")
# Addresses, names of files, keys.
MADE = re.compile(r"\w[\w/-]*(?:\.[\w/-]+)+|\w*[\w-]*\d[\w-]*|[A-Z]{3,}(?:-[A-Z]{2,})+")
CUT = re.compile(r"[^·,(]*…")  # a name that a figure has no room for
YEAR = re.compile(r"1[89]\d\d|20\d\d")
SAID = ("alt", "title", "aria-label", "placeholder", "data-label", "data-group", "data-recall")
# Names of programs, formats and licences, and the letters of coders and of sides of a clause.
KEPT = """
BY-NC-ND BY-SA Binder Book CC CSV Chromium Colab Ctrl Data EDTF Excel False Files Frictionless GeoJSON
GeoNames GitHub HTML ID JSON Jupyter JupyterHub JupyterLab Lab LibreOffice Linux MIT Markdown
Natural Earth ODbL None PDF Package Pandas Plotly Python SQL SVG Settings True URL UTF-8 Unicode Wikidata
Windows ZIP bib csv html iCalendar ics ipynb json krippendorff md nbgitpuller pandas pdf plotly pip
png svg timeline TimelineJS xlsx zip CN MN RU JP TR IR AF GMT geojson hub example Linked Places
""".split()


@cache
def names(book: Book) -> re.Pattern[str]:
    """What the tables and the bibliography call by its own name."""
    found = set()
    for source in book.sources.values():
        told = (*IN_WORDS, "title") if source.field("titlenote") else IN_WORDS
        own = (text.translate(SIGNS) for k, text in source.entry.fields.items() if k not in told)
        # A title in two languages is written in two pieces.
        pieces = {piece.strip() for text in own for piece in FOREIGN.split(text)}
        found |= pieces | {piece[:1].upper() + piece[1:] for piece in pieces}
        found |= {source.key, *source.people}
        people = (person for role in source.entry.persons.values() for person in role)
        found |= {" ".join(part) for p in people for part in (p.last_names, p.first_names)}
    found |= {*book.table("terms")["term_en"], *book.people["name_en"], *book.codebook["list"]}
    for name in book.names:
        columns = list(book.table(name))
        found |= {name, *columns, *(f"{name}.{column}" for column in columns)}
        found |= {field.get("example", "") for field in book.fields(name)}
        for field in book.fields(name):
            is_name = field["name"] in ("names_historic", "other_names", "title_other")
            if field.get("vocabulary") or field.get("refersTo") or is_name:
                cells = book.table(name)[field["name"]]
                found |= {item for c in cells for item in ([c] if isinstance(c, str) else c or ())}
    words = sorted(filter(LATIN.search, map(str, found)), key=len, reverse=True)
    return re.compile(rf"(?<![A-Za-z.-])(?:{'|'.join(map(re.escape, words))})(?![A-Za-z-])")


@cache
def chosen() -> frozenset[str]:
    """Latin words that a translator has put into a Russian text."""
    texts = (told for _, english, told in catalogues.translated_texts("ru") if told != english)
    return frozenset(word for text in texts for word in LATIN.findall(text))


def shown(page: Path) -> list[str]:
    """Every piece of text that a reader of a page sees or hears."""
    tree = html.document_fromstring(page.read_text("utf-8"))
    for tag in [tag for tag in tree.iter(etree.Element) if is_foreign(tag)]:
        tag.drop_tree()
    etree.strip_tags(tree, etree.Comment)
    said = [tag.get(name) for tag in tree.iter() for name in SAID if tag.get(name)]
    body = tree.find("body")  # a page that only leads on has none
    texts = (tree if body is None else body).itertext()
    return [CUT.sub("", text) for text in (*texts, *said)]


def is_foreign(tag: html.HtmlElement) -> bool:
    """Whether an element holds code, or words in a language of their own."""
    is_form = tag.tag == "form" and tag.get("hidden") is not None
    classes = CODE_CLASSES & {*tag.get("class", "").split()}
    return bool(tag.tag in CODE or tag.get("lang") in OTHER or classes or is_form)


def left_in_english(book: Book, pages: list[Path]) -> dict[str, str]:
    """Each text with a word that nobody has chosen, and a page that shows it."""
    told = {text: page.name for page in pages for text in shown(page) if LATIN.search(text)}
    known = {*KEPT, *chosen()}
    rest = {text: MADE.sub(" ", names(book).sub(" ", text)) for text in told}
    return {text: told[text] for text, words in rest.items() if set(LATIN.findall(words)) - known}


def test_no_english_word_is_left_on_a_russian_page(book: Book, site: Path):
    assert left_in_english(book, sorted((site / "ru").rglob("*.html"))) == {}


def test_a_page_has_the_same_tables_and_numbers_in_both_languages(site: Path):
    """Two headings with one Russian word would make one column of two."""
    pages = sorted(site.glob("ru/book/*.html"))
    assert len(pages) > 50
    for page in pages:
        assert tables(page) == tables(site / "book" / page.name), page.name


def tables(page: Path) -> list[tuple[int, int, list[str]]]:
    """Columns and rows of each table, and of one that a cell shows the numbers, sorted."""
    made = []
    for table in html.parse(page).iterfind(".//article//table"):
        above = (part.get("class", "").split() for part in table.iterancestors())
        cells = table.iter("td") if any("cell_output" in names for names in above) else ()
        plain = (re.sub(r"[\s,.]", "", cell.text_content()) for cell in cells)
        # A year is written with its word in one of the languages.
        numbers = sorted(cell for cell in plain if cell.isdecimal() and not YEAR.fullmatch(cell))
        heads = len(table.findall(".//thead//th"))
        made.append((heads, len(table.findall(".//tr")), numbers))
    return made


@pytest.mark.parametrize("language", wording.FURTHER)
def test_every_text_has_the_words_of_the_table_of_terms(language: str):
    assert not list(catalogues.wrong_terms(language))


def test_a_text_with_another_word_is_named(monkeypatch: pytest.MonkeyPatch):
    told = [("war.po", "The envoy left.", "Посол уехал."), ("war.po", "A clause.", "Клаузула.")]
    monkeypatch.setattr(catalogues, "translated_texts", lambda language: told)
    assert list(catalogues.wrong_terms("ru")) == [
        "war.po: 'clause' is 'положение', found: Клаузула.",
        "war.po: 'clause' is not 'Клаузул', found: Клаузула.",
        "war.po: 'envoy' is 'посланец; представитель', found: Посол уехал.",
    ]


def test_a_language_without_words_in_the_table_of_terms_is_not_held_to_those_of_another(
    monkeypatch: pytest.MonkeyPatch,
):
    told = [("war.po", "The envoy left.", "La sendito foriris.")]
    monkeypatch.setattr(catalogues, "translated_texts", lambda language: told)
    assert not list(catalogues.wrong_terms("eo"))


def test_less_than_two_texts_of_a_hundred_are_missing():
    missing = sum(map(len, catalogues.missing("ru").values()))
    assert missing < 0.02 * sum(len(set(told)) for told in catalogues.messages().values())
    assert not list(untranslated(opened()))
