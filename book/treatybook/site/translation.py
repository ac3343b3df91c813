"""The book in another language: its pages cut into messages, catalogues of them, and whole sources.

``python -m treatybook translate`` renews the catalogues in ``locale`` and writes, for each further
language, a tree like that of the repository under ``_build``: pages in that language, with the
package and the data as they are. Jupyter Book and jupytext read it like any other book.
"""

from __future__ import annotations

import ast
import io
import json
import re
import shutil
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from docutils.nodes import make_id
from markdown_it.token import Token

from treatybook.display import labels
from treatybook.evidence import prose, wording
from treatybook.evidence.files import write_text
from treatybook.evidence.tables import BOOK_FOLDER, ROOT, opened, read, translations
from treatybook.site import fresh
from treatybook.teaching import workshop
from treatybook.views import exports

# Directives whose argument is words that a reader sees, and options that are.
TITLED = ("admonition", "dropdown", "lesson", "note", "warning")
WORDED = ("aim", "aims", "alt", "copy", "length", "lines", "mark", "minutes", "print")
LANGUAGE_CALL = re.compile(r"^book = read\(\)$", re.MULTILINE)
PASSAGE = re.compile(
    r"(?P<start>^[`:]{3,}\{passage\} (?P<page>[\w-]+) > )(?P<heading>.+)$", re.MULTILINE
)
TARGET = re.compile(r"\([\w-]+\)=")
CELL = re.compile(r"(?<!\\)\|")
WORDS = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[^\W\d_]+[,:;]? [^\W_{(]|[\d}] [^\W\d_]")
# A role with its title, or with the noun that goes with a count; or code.
CODE_OR_KEY = re.compile(
    r"\{\w+\}`(?P<title>[^`<]+?) *<[^`]*>`|\{term\}`(?P<term>[^`<]+)`"
    r"|\{\w+\}`[^`<,]*(?P<noun>,[^`]*)?`|`[^`]*`"
)
NAME = re.compile(r"[A-Z][^\W\d_]*[a-z][^\W\d_]*")  # one word of a reader's language
WORD = re.compile(r"[^\W\d_]+(?:\|[^\W\d_]+)*")
PROMPT = re.compile(r" *code_prompt_(?:show|hide): (.+)")  # of a cell's fold
JOINING = re.compile(r" [^\W\d_]+ ")
COLUMN = re.compile(r"[a-z]+(?:[ _][a-z]+)*")  # what a cell calls a column of its own
NAMING = ("agg", "assign")  # methods whose keywords are names of columns
NAMERS = ("name", "columns", "value_name", "var_name")  # keywords whose values are
CODE = ("code-cell", "python")
CAPTION = re.compile(r"(?<=- caption: ).+$", re.MULTILINE)
HEADERS = "POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Project-Id-Version"
# What the book of a language takes as it is; its pages, contents and settings are written anew.
TAKEN = (
    "data/**/*",
    "book/treatybook/**/*",
    "book/_static/**/*",
    "book/*.bib",
    "locale/**/*",
    "requirements.txt",
    "LICENSE*",
)


@dataclass(frozen=True)
class Part:
    """Some lines of a page with messages in them.

    Attributes
    ----------
    start, end : int
        The first line and the one after the last, counted from 0.
    messages : tuple of str
        What is to be translated.
    write : callable
        Gives the lines anew, with what it is given for each message.
    """

    start: int
    end: int
    messages: tuple[str, ...]
    write: Callable[[list[str]], list[str]]


def parts(text: str) -> list[Part]:
    """Everything on a page that a translator is given, from its first line to its last."""
    lines = text.split("\n")
    return sorted(_cut(lines, text, 0), key=lambda part: part.start)


def _cut(lines: list[str], text: str, offset: int) -> Iterator[Part]:
    """The parts of a text that begins at a line of the page."""
    before = None
    for token in prose.tokens(text):
        if token.type == "inline" and before and before.type in ("paragraph_open", "heading_open"):
            yield from _block(lines, token.content, offset + token.map[0])
        elif token.type == "tr_open":
            yield from _row(lines, offset + token.map[0])
        elif token.type in ("fence", "colon_fence"):
            yield from _fence(lines, token, offset + token.map[0])
        before = token


def _block(lines: list[str], content: str, start: int) -> Iterator[Part]:
    """A paragraph or a heading: its words without what stands before them on each line."""
    if TARGET.fullmatch(content) or not WORDS.search(content):
        return
    own = content.split("\n")
    heads = [line[: line.rfind(words)] for line, words in zip(lines[start:], own, strict=False)]
    # Further lines of an item of a list are indented like its first words.
    rest = heads[1] if len(heads) > 1 else re.sub(r"[^\s>]", " ", heads[0])

    def write(words: list[str]) -> list[str]:
        first, *others = words[0].split("\n")
        return [heads[0] + first, *(rest + other for other in others)]

    yield Part(start, start + len(own), (content,), write)


def _row(lines: list[str], start: int) -> Iterator[Part]:
    """A row of a table: its cells."""
    cells = [cell.strip() for cell in CELL.split(lines[start].strip().strip("|"))]
    shown = tuple(cell for cell in cells if WORDS.search(cell))

    def write(words: list[str]) -> list[str]:
        given = dict(zip(shown, words, strict=True))
        told = " | ".join(given.get(cell, cell) for cell in cells)
        return [f"| {told} |".replace("|  |", "| |")]

    if shown:
        yield Part(start, start + 1, shown, write)


def _fence(lines: list[str], token: Token, start: int) -> Iterator[Part]:
    """A directive with its argument, options and content, or code."""
    found = prose.directive(token)
    name = found.name if found else token.info.strip()
    if found and found.argument and name in TITLED:
        yield from _tail(lines, start, found.argument)
    for number, line in enumerate(token.content.split("\n"), start + 1):
        option = prose.OPTION.fullmatch(line)
        if not option:
            break
        # Elsewhere a class is a name for the style sheet; of a lesson it is whom it suits.
        is_words = option["name"] in WORDED or (name, option["name"]) == ("lesson", "class")
        if is_words and WORDS.search(option["value"]):
            yield from _tail(lines, number, option["value"])
    for number, line in enumerate(token.content.split("\n"), start + 1):
        if prompt := PROMPT.fullmatch(line):
            yield from _tail(lines, number, prompt[1])
    content = found.content if found else token.content
    head = token.content.removesuffix(content).count("\n")
    if name in CODE:
        yield from _code(lines, content, start + 1 + head)
    elif name == "glossary":
        yield from _glossary(content, start + 1 + head)
    elif found:
        yield from _cut(lines, content, start + 1 + head)


def _tail(lines: list[str], start: int, words: str) -> Iterator[Part]:
    """The words at the end of one line."""
    head = lines[start][: lines[start].rfind(words)]
    yield Part(start, start + 1, (words,), lambda given: [head + given[0]])


def _glossary(content: str, start: int) -> Iterator[Part]:
    """Words of the glossary, and what each means."""
    for found in prose.WORD.finditer(content):
        line = start + content.count("\n", 0, found.start())
        yield Part(line, line + 1, (found["word"],), lambda given: given)
        meaning = re.sub(r"\n  ", "\n", found["meaning"])
        size = meaning.count("\n") + 1

        def write(given: list[str]) -> list[str]:
            return [f"  {line}" for line in given[0].split("\n")]

        yield Part(line + 1, line + 1 + size, (meaning,), write)


def _code(lines: list[str], code: str, start: int) -> Iterator[Part]:
    """Comments and literals of a cell that read like a sentence, line by line."""
    found: dict[int, list[tuple[int, int]]] = {}
    for line, begin, end in [*_comments(code), *_literals(code)]:
        found.setdefault(line, []).append((begin, end))
    own = code.split("\n")
    for line, spans in found.items():
        text = own[line]
        spans.sort()
        messages = tuple(text[begin:end] for begin, end in spans)
        indent = lines[start + line][: lines[start + line].rfind(text)]

        def write(given: list[str], text=text, spans=spans, indent=indent) -> list[str]:
            for (begin, end), words in reversed(list(zip(spans, given, strict=True))):
                text = text[:begin] + words.replace("\n", " ") + text[end:]
            return [indent + text]

        yield Part(start + line, start + line + 1, messages, write)


def _comments(code: str) -> Iterator[tuple[int, int, int]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT and WORDS.search(token.string):
                begin = token.start[1] + len(token.string) - len(token.string.lstrip("# "))
                yield token.start[0] - 1, begin, token.end[1]
    except (tokenize.TokenError, IndentationError):  # an example that is no whole program
        return


def _literals(code: str) -> Iterator[tuple[int, int, int]]:
    """Places of literals on one line that a reader is shown, or words of the tables looked for.

    They have two words with a blank between them, or are a name. A single other word is one only
    where it is asked whether a text contains it, where a dictionary gives it for something, where
    it is a title, fills empty cells or stands in a column that the tables do not have, or where it
    joins two things, with a blank on either side.
    """
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except SyntaxError:
        return
    inside, worded = set(), set()
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in ast.walk(node) if part is not node}
        elif isinstance(node, ast.Dict):
            values = (
                value for value in node.values if getattr(value, "value", "") not in _columns()
            )
            worded |= set(map(id, values))
        elif isinstance(node, ast.Assign) and not _columns().intersection(_named_columns(node)):
            worded |= {id(node.value)} if isinstance(node.targets[0], ast.Subscript) else set()
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in (
            "contains",
            "fillna",
        ):
            worded |= set(map(id, node.args))
        elif isinstance(node, ast.keyword) and (node.arg or "").endswith("title"):
            worded.add(id(node.value))
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "DataFrame":
            worded |= {id(cell) for cell in _cells_of_own(node)}
    for node in nodes:
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if not (is_text or isinstance(node, ast.JoinedStr)) or id(node) in inside:
            continue
        if node.lineno != node.end_lineno:
            continue
        line = code.split("\n")[node.lineno - 1]
        # Offsets count bytes; on a line with other letters they are counted anew.
        raw = line.encode()
        begin, end = (len(raw[:at].decode()) for at in (node.col_offset, node.end_col_offset))
        written = line[begin:end]
        quoted = re.fullmatch(r"(\w*(?:\"\"\"|'''|\"|'))(.*)(\"\"\"|'''|\"|')", written)
        if quoted and _is_shown(quoted[2], is_worded=id(node) in worded):
            yield node.lineno - 1, begin + len(quoted[1]), end - len(quoted[3])


def _cells_of_own(frame: ast.Call) -> Iterator[ast.expr]:
    """Cells of a frame written row by row, in those columns that the tables do not have."""
    columns = next((k.value for k in frame.keywords if k.arg == "columns"), None)
    if isinstance(columns, ast.List) and frame.args and isinstance(frame.args[0], ast.List):
        names = [getattr(column, "value", "") for column in columns.elts]
        for row in frame.args[0].elts:
            for name, cell in zip(names, getattr(row, "elts", ()), strict=False):
                if name not in _columns():
                    yield cell


def _is_shown(text: str, *, is_worded: bool) -> bool:
    if SENTENCE.search(text) or NAME.fullmatch(text) or JOINING.fullmatch(text):
        return True
    return is_worded and bool(WORD.fullmatch(text))


@cache
def _columns() -> set[str]:
    """Names of the tables' columns, also those that a frame has in the reader's language."""
    book = opened()
    return {name for table in book.names for name in book.table(table)}


# Catalogues -------------------------------------------------------------------------------------

# The title of the book, the captions of its contents, its footer: what stands on no page.
BOOK = "book"


def catalogue_file(language: str, page: str) -> Path:
    """Where the messages of a page stand: ``locale/ru/pages/clauses.po``."""
    return ROOT / "locale" / language / "pages" / f"{page}.po"


@cache
def _known(path: Path, language: str) -> Catalog:
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def found(language: str, page: str, message: str) -> str:
    """The translation of a message of a page; empty if there is none or it is to be looked at."""
    kept = _known(catalogue_file(language, page), language).get(message)
    return str(kept.string) if kept and kept.string and not kept.fuzzy else ""


def messages() -> dict[str, list[str]]:
    """The messages of each page in their order, those of the book as a whole before them."""
    toc = (ROOT / "_toc.yml").read_text("utf-8")
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    whole = [config["title"], config["author"], config["html"]["extra_footer"], cited["title"]]
    whole += [author["name"] for author in cited["authors"]]
    pages = {
        page: [m for part in parts(text) for m in part.messages]
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
        catalogue = _known(path, language)
        catalogue.update(template)
        catalogue.obsolete.clear()
        _write(catalogue, path)
    _known.cache_clear()


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
    columns |= {labels.in_words(name) for name in _own_columns()}
    fields = set(opened().claims["field"])
    aspects = {
        part.replace("_", " ") for name in fields for part in (name, name.removeprefix("date_of_"))
    }
    files = (*exports.EXPORTS, *workshop.DOWNLOADS)
    downloads = {words for file in files for words in (file.title, file.content, file.rule)}
    marked = {said for folder in (package, art) for said in _marked(folder, "**.py", "python")}
    # Pages and questions head columns of a table that a cell makes of them.
    heads = {*opened().statements["page"], *opened().answers["question"]}
    named = {*columns, *aspects, *downloads, *opened().names, *map(labels.in_words, heads)}
    return sorted({*marked, *script_messages(), *named, *THEME}, key=str)


def _own_columns() -> set[str]:
    """Names that cells give to columns of their own: a figure and its table head them in words."""
    cells = [code for page in prose.texts() for _, code in prose.cells(page)]
    nodes = (node for code in cells for node in ast.walk(ast.parse(code)))
    found = {name for node in nodes for name in _named_columns(node)}
    return {name for name in found if COLUMN.fullmatch(name)} - _columns()


def _named_columns(node: ast.AST) -> Iterator[str]:
    """The columns that one expression of a cell makes."""
    told: list[ast.AST] = []
    if isinstance(node, ast.Assign):
        # Of ``rows.loc[chosen, "end"]`` the last part names the column.
        slices = [target.slice for target in node.targets if isinstance(target, ast.Subscript)]
        told = [part.elts[-1] if isinstance(part, ast.Tuple) else part for part in slices]
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.List):
        told = [node.slice]  # of a join, whose columns say where they come from
    elif isinstance(node, ast.Call):
        method = getattr(node.func, "attr", "")
        if method in NAMING:
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)
        told = [k.value for k in node.keywords if k.arg in NAMERS]
        if method in ("rename", "rename_axis", "melt"):
            told += node.args
        elif method == "DataFrame" and node.args and isinstance(node.args[0], ast.Dict):
            told = [key for key in node.args[0].keys if key]
    for part in told:
        for leaf in ast.walk(part):
            if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                yield leaf.value


def evidence_messages() -> list[str]:
    """What the descriptor says of tables and columns, and the bibliography of its sources."""
    book = opened()
    said = []
    for resource in book.descriptor["resources"]:
        fields = resource["schema"]["fields"]
        said += [resource["row"], resource["description"], *(f["description"] for f in fields)]
    said.append(book.descriptor["description"])
    own = (message for source in book.sources.values() for message in source.messages)
    return sorted({message for message in (*said, *own) if WORDS.search(message)})


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
    catalogue = _known(ROOT / "locale" / language / wording.PACKAGE, language)
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


# A whole book -----------------------------------------------------------------------------------

EDITION = "edition.json"  # what the build of a language needs to know of its pages


def tree(language: str) -> Path:
    """The folder in which the book of a language is built."""
    return ROOT / "_build" / language


def write(language: str) -> Path:
    """Write the sources of the book in a language; a file that is as it was stays untouched.

    Returns
    -------
    pathlib.Path
        The folder, which is laid out like the repository.
    """
    folder = tree(language)
    sources = {folder / path.relative_to(ROOT): path for path in fresh.files(*TAKEN)}
    # Drawings with words are drawn in each language; pages show them under one name.
    drawn = fresh.files(f"book/art/{language}/*")
    sources |= {folder / "book" / "_static" / path.name: path for path in drawn}
    pages = {folder / "book" / f"{page}.md": page for page in prose.texts()}
    for old in fresh.files(
        *(f"_build/{language}/{part}/**/*" for part in ("book", "data", "locale"))
    ):
        if old not in sources and old not in pages:
            old.unlink()
    for target, source in sources.items():
        if not (target.is_file() and target.read_bytes() == source.read_bytes()):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    known = {}
    for target, page in pages.items():
        text, known[page] = page_in(language, page)
        write_text(target, text)
    write_text(folder / EDITION, json.dumps(known, indent=0))
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    say = partial(_or_itself, language, BOOK)
    config["title"], config["author"] = say(config["title"]), say(config["author"])
    config["html"]["extra_footer"] = say(config["html"]["extra_footer"])
    own = config["sphinx"]["config"]
    own["language"] = language
    own["numbered_parts"] = list(map(say, own["numbered_parts"]))
    write_text(folder / "_config.yml", yaml.safe_dump(config, allow_unicode=True, sort_keys=False))
    write_text(folder / "_toc.yml", contents(language))
    return folder


def contents(language: str, root: Path = ROOT) -> str:
    """The table of contents with its captions in a language."""
    toc = (root / "_toc.yml").read_text("utf-8")
    return CAPTION.sub(lambda found: _or_itself(language, BOOK, found[0]), toc)


def of_book(message: str) -> str:
    """A message of the book as a whole in the language in use."""
    return _or_itself(wording.spoken(), BOOK, message)


def _or_itself(language: str, page: str, message: str) -> str:
    return found(language, page, message) or message


def page_in(language: str, page: str) -> tuple[str, dict[str, list]]:
    """A page in a language, and what its build needs to know of it.

    Returns
    -------
    (str, dict)
        The Markdown; and ``anchors``, those of the English headings in their order, so that an
        address leads to the same place in every language, with ``english``, the lines (counted
        from 1) that are not translated.
    """
    source = prose.text_of_page(page)
    lines, english, shift = source.split("\n"), [], 0
    for part in parts(source):
        given = [found(language, page, message) for message in part.messages]
        words = [one or message for one, message in zip(given, part.messages, strict=True)]
        written = part.write(words)
        start = part.start + shift
        lines[start : start + part.end - part.start] = written
        if not all(given):
            english += range(start + 1, start + 1 + len(written))
        shift += len(written) - (part.end - part.start)
    text = LANGUAGE_CALL.sub(f'book = read(language="{language}")', "\n".join(lines))
    text = PASSAGE.sub(partial(_passage_in, language), text)
    for named, told in named_by_data(language).items():
        text = text.replace(f'"{named}"', f'"{told}"')
    anchors = [make_id(prose.running_text(words)) for _, words, _ in prose.headings(source)]
    return text, {"anchors": anchors, "english": english}


def _passage_in(language: str, passage: re.Match[str]) -> str:
    """A passage is named by the heading that stands on the page of this language."""
    return passage["start"] + _or_itself(language, passage["page"], passage["heading"])


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
        for message in _known(path, language):
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


@cache
def named_by_data(language: str) -> dict[str, str]:
    """Words of the tables by which cells choose rows, and what the tables have in a language."""
    book, found = opened(), {}
    for table, english, column in (
        ("treaties", "short_en", "short"),
        ("claims", "subject", "subject"),
    ):
        rows = book.table(table)
        words = translations(rows, english, f"{column}_{language}")
        found |= {own: told for own, told in zip(rows[english], words, strict=True) if told}
    return found


def main() -> int:
    """Renew the catalogues of every further language, and tell what they lack."""
    for language in wording.FURTHER:
        renew(language)
    return report()
