"""The catalogues of the further languages: what is to be translated, and what they lack.

``python -m treatybook translate`` renews them from the pages, the package, the scripts and what is
said of the tables.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from treatybook.display import labels
from treatybook.evidence import prose, wording
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import BOOK_FOLDER, ROOT, opened, read, translations
from treatybook.site import cutting
from treatybook.site.translation import BOOK, CAPTION, catalogue_file, catalogue_of, found
from treatybook.teaching import workshop
from treatybook.views import exports

CODE_OR_KEY = re.compile(
    r"\{\w+\}`(?P<title>[^`<]+?) *<[^`]*>`|\{term\}`(?P<term>[^`<]+)`"
    r"|\{\w+\}`[^`<,]*(?P<noun>,[^`]*)?`|`[^`]*`"
)
HEADERS = "POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Project-Id-Version"


def messages() -> dict[str, list[str]]:
    """The messages of each page in their order, those of the book as a whole before them."""
    toc = (ROOT / "_toc.yml").read_text("utf-8")
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    whole = [config["title"], config["author"], config["html"]["extra_footer"], cited["title"]]
    whole += [author["name"] for author in cited["authors"]]
    pages = {
        page: [m for part in cutting.parts(text) for m in part.messages]
        for page, text in prose.texts().items()
    }
    return {BOOK: [*whole, *CAPTION.findall(toc)], **pages}


def renew(language: str) -> None:
    """Write all catalogues of a language anew.

    What was translated stays. A text that is much like one of before, and whose translation is
    therefore to be looked at, is marked ``fuzzy`` and not used until somebody takes the mark away.
    """
    templates = {
        catalogue_file(language, page): _template(told) for page, told in messages().items()
    }
    folder = ROOT / "locale" / language
    templates[folder / wording.PACKAGE] = _template(package_messages())
    templates[folder / wording.EVIDENCE] = _template(evidence_messages())
    for path, template in templates.items():
        catalogue = catalogue_of(path, language)
        catalogue.update(template)
        catalogue.obsolete.clear()
        _write(catalogue, path)
    catalogue_of.cache_clear()


def _template(told: Iterable[str | tuple[str, str]]) -> Catalog:
    template = Catalog()
    for message in told:
        template.add(message)
    return template


def package_messages() -> list[str | tuple[str, str]]:
    """What the package says and what the tables call their columns, in the order of the alphabet."""
    package, art = Path(wording.__file__).parents[1], BOOK_FOLDER / "art"
    columns = {
        field.get("title") or labels.in_words(field["name"])
        for table in read().descriptor["resources"]
        for field in table["schema"]["fields"]
        if not field["name"].endswith(tuple(f"_{code}" for code in wording.FURTHER))
    }
    columns |= {labels.in_words(name) for name in cutting.own_columns()}
    fields = set(opened().claims["field"])
    aspects = {
        part.replace("_", " ") for name in fields for part in (name, name.removeprefix("date_of_"))
    }
    files = (*exports.EXPORTS, *workshop.DOWNLOADS)
    downloads = {words for file in files for words in (file.title, file.content, file.rule)}
    marked = {said for folder in (package, art) for said in _marked(folder, "**.py", "python")}
    # Pages and questions head columns of a table that a cell makes of them.
    heads = {*opened().statements["page"], *opened().answers["question"]}
    named = {
        *workshop.kit_words(),
        *columns,
        *aspects,
        *downloads,
        *opened().names,
        *map(labels.in_words, heads),
    }
    return sorted({*marked, *script_messages(), *named, *THEME}, key=str)


def evidence_messages() -> list[str]:
    """What the descriptor says of tables and columns, and the bibliography of its sources."""
    book = opened()
    said = []
    for resource in book.descriptor["resources"]:
        fields = resource["schema"]["fields"]
        said += [resource["row"], resource["description"], *(f["description"] for f in fields)]
    said.append(book.descriptor["description"])
    own = (message for source in book.sources.values() for message in source.messages)
    return sorted({message for message in (*said, *own) if cutting.WORDS.search(message)})


# What Sphinx and the theme say on every page and have no Russian words for.
THEME = (
    *("Back to top", "Repository", "Suggest edit", "Open issue", "Launch on Binder"),
    *("Version warning", "System Settings", "Source repositories", "Color mode", "logo"),
    # Or not the words that one would say.
    *("© Copyright %(copyright)s.", "Dark"),
)


def script_messages() -> set[str | tuple[str, str]]:
    """What the scripts say: arguments of ``_`` and ``ngettext``, by which Sphinx's do the same."""
    folders = (BOOK_FOLDER / "_static", Path(__file__).parent / "assets")
    return {said for folder in folders for said in _marked(folder, "**.js", "javascript")}


def _marked(folder: Path, files: str, kind: str) -> set[str | tuple[str, str]]:
    keywords = {"_": None, "plural": (1, 2), "ngettext": (1, 2)}
    found = extract_from_dir(str(folder), method_map=[(files, kind)], keywords=keywords)
    return {message for _, _, message, _, _ in found}


def words_script(language: str) -> str:
    """What stands in a site of a language in place of Sphinx's words for its scripts.

    That one makes a function out of a text, which the policy of the pages forbids.
    """
    catalogue = catalogue_of(ROOT / "locale" / language / wording.PACKAGE, language)
    told = {}
    for message in sorted(script_messages(), key=str):
        known = catalogue.get(message)
        if known and not known.fuzzy and all(words := _forms(known.string)):
            told[_forms(message)[0]] = words[0] if isinstance(known.string, str) else words
    words = json.dumps(told, ensure_ascii=False)
    return (
        f"Object.assign(Documentation.TRANSLATIONS, {words});\n"
        f"Documentation.PLURAL_EXPR = (n) => Number({catalogue.plural_expr});\n"
        f'Documentation.LOCALE = "{language}";\n'
    )


def _forms(words: str | Iterable[str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def missing(language: str) -> dict[str, list[str]]:
    """Messages of each page that have no translation."""
    lacking = {
        page: [message for message in dict.fromkeys(told) if not found(language, page, message)]
        for page, told in messages().items()
    }
    return {page: some for page, some in lacking.items() if some}


def _write(catalogue: Catalog, path: Path) -> None:
    made = io.BytesIO()
    write_po(made, catalogue, width=0)
    # Who wrote and when would make each run another file.
    text = re.sub(rf'^"({HEADERS}):.*\n', "", made.getvalue().decode("utf-8"), flags=re.MULTILINE)
    write_text(path, re.sub(r"\A(#.*\n)*", "", text))


def report() -> int:
    """Tell of every further language what it lacks, and where."""
    total = sum(len(set(told)) for told in messages().values())
    for language in wording.FURTHER:
        lacking = {page: len(some) for page, some in missing(language).items()}
        most = sorted(lacking, key=lacking.get, reverse=True)
        where = ", ".join(f"{page} {lacking[page]}" for page in most)
        print(
            f"{language}: {sum(lacking.values()):,} of {total:,} messages of the pages lack a translation"
        )
        if where:
            print(f"    locale/{language}/pages: {where}")
        for astray in wrong_terms(language):
            print(astray)
    return 0


# Terms -------------------------------------------------------------------------------------------


def wrong_terms(language: str) -> Iterator[str]:
    """Where a text does not have the word that the table of terms has, or has one to avoid.

    Returns
    -------
    iterator of str
        For each a line with the place, the term, what is wanted, and the text.
    """
    terms = opened().table("terms")
    if f"term_{language}" not in terms:  # a language that has no glossary yet
        return
    said = list(translated_texts(language))
    for term in terms.to_dict("records"):
        name, stems = term["term_en"], re.compile(term["stems"], re.IGNORECASE)
        case = re.NOFLAG if name[0].isupper() else re.IGNORECASE
        word = re.compile(rf"\b{re.escape(name)}(?:s|es)?\b", case)
        for place, english, told in said:
            # A title or a label may stay as it is.
            if word.search(english) and not (stems.search(told) or word.search(told)):
                yield f"{place}: {name!r} is {term[f'term_{language}']!r}, found: {told}"
            if term["avoid"] and (found := re.search(term["avoid"], told, re.IGNORECASE)):
                yield f"{place}: {name!r} is not {found[0]!r}, found: {told}"


def translated_texts(language: str) -> Iterator[tuple[str, str, str]]:
    """Every text that has a translation: its place, the English, the other."""
    folder = ROOT / "locale" / language
    for path in sorted([*folder.glob("pages/*.po"), folder / wording.EVIDENCE]):
        for message in catalogue_of(path, language):
            if message.id and message.string:
                yield path.name, _without_keys(message.id), _without_keys(message.string)
    book = opened()
    for name in book.names:
        table = book.table(name)
        for other in table.filter(regex=f"_{language}$"):
            own = other.removesuffix(f"_{language}")
            own = f"{own}_en" if f"{own}_en" in table else own
            if name == "terms" or table[own].map(type).ne(str).any():
                continue
            rows = zip(table[own], translations(table, own, other), strict=True)
            yield from ((f"{name}.csv, {other}", said, told) for said, told in rows if told)


def _without_keys(text: str) -> str:
    """A text without code, and of its roles only what stands there in words."""
    return CODE_OR_KEY.sub(
        lambda found: found["title"] or found["term"] or found["noun"] or " ", text
    )


def main() -> int:
    """Renew the catalogues of every further language, and tell what they lack."""
    for language in wording.FURTHER:
        renew(language)
    return report()
