"""The pages of the book cut into messages: what a translator is given, and where it goes back."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from markdown_it.token import Token

from treatybook.evidence import prose
from treatybook.evidence.tables import opened

# Directives whose argument is words that a reader sees, and options that are.
TITLED = ("admonition", "dropdown", "lesson", "note", "warning")
WORDED = ("aim", "aims", "alt", "copy", "length", "lines", "mark", "minutes", "print")
TARGET = re.compile(r"\([\w-]+\)=")
CELL = re.compile(r"(?<!\\)\|")
WORDS = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[^\W\d_]+[,:;]? [^\W_{(]|[\d}] [^\W\d_]")
NAME = re.compile(r"[A-Z][^\W\d_]*[a-z][^\W\d_]*")  # one word of a reader's language
WORD = re.compile(r"[^\W\d_]+(?:\|[^\W\d_]+)*")
PROMPT = re.compile(r" *code_prompt_(?:show|hide): (.+)")  # of a cell's fold
JOINING = re.compile(r" [^\W\d_]+ ")
COLUMN = re.compile(r"[a-z]+(?:[ _][a-z]+)*")  # what a cell calls a column of its own
NAMING = ("agg", "assign")  # methods whose keywords are names of columns
NAMERS = ("name", "columns", "value_name", "var_name")  # keywords whose values are
CODE = ("code-cell", "python", "bash")  # of the last only comments are words


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


def own_columns() -> set[str]:
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
