"""Mistakes in a learner's cell that Python tells in many lines, without the next step, or not.

An extension of IPython that works before any cell has run: ``load_always`` tells the environment
to load it.
"""

from __future__ import annotations

import json
import linecache
import os
import re
import symtable
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType, ModuleType, TracebackType

import pandas as pd
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

from treatybook.display import output, spelling
from treatybook.evidence import wording
from treatybook.evidence.errors import NEAR, InputError, nearest, not_known
from treatybook.evidence.tables import last_read
from treatybook.evidence.wording import _

HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
LINE = 60  # characters of a cell by which it is found
HOLDERS = ("self", "obj", "frame")  # names that pandas gives to what it works on
NOTEBOOK = "JPY_SESSION_NAME"  # where Jupyter tells a kernel which notebook it serves


def _rules() -> list[tuple[type[Exception], str, str]]:
    """Kind of the mistake, what Python says of it, and the next step instead."""
    dates = _(
        "a date of the tables is no text and may mean several days: compare its .earliest or "
        ".latest day with dt.date(1921, 5, 1), or two of them with .before"
    )
    no_text = _(
        "the column holds no text: make it text first with .map(str), as in "
        'events["date"].map(str).str.contains("1921")'
    )
    no_row = _("no row is left: look at the filters here and in the cells above")
    return [
        (SyntaxError, "never closed|incomplete input|unexpected EOF|unmatched|match opening", _("count the brackets: each ( and [ that opens needs its ) and ]")),
        (SyntaxError, "unterminated|EOL while", _("a quote that opens a text needs one that closes it")),
        (SyntaxError, "forgot a comma", _("a comma or a quote is missing near the mark")),
        (SyntaxError, "invalid character '[“”„‘’«»]'", _('type straight quotes: "title"')),
        (SyntaxError, "instead of '='", _("to ask whether two things are equal, write == and not =")),
        (SyntaxError, "leading zeros", _('a number begins with no nought: write 5 and not 05, or a date in quotes: "1922-03"')),
        (SyntaxError, "expected ':'", _("a colon is missing at the end of the line")),
        (SyntaxError, "indented block", _("below a line that ends with a colon, begin with four blanks")),
        (SyntaxError, "indent", _("take away the blanks before the line, or begin it like its neighbours")),
        (SyntaxError, "^invalid syntax$", _("near the mark a sign is missing or too much: , . ( [ or a quote")),
        (TypeError, "instances of .*EdtfDate", dates),
        (TypeError, "instances of .*datetime.date", _("write a day as dt.date(1921, 5, 1), not in quotes")),
        (TypeError, "instances of '(str|int|float)|comparison between dtype", _("a number is compared with a number: write it without quotes")),
        (TypeError, "(DataFrame|Series)' object is not callable", _('a column stands in [ ]: table["title"]')),
        (TypeError, "object is not callable", _("what stands before the brackets ( ) is no function: take them away")),
        (TypeError, "Cannot perform '|for [&|]:", _("put each condition in brackets: (…) & (…)")),
        (ValueError, "truth value of", _("join conditions with & or |, each in brackets: (…) & (…)")),
        (ValueError, "must be of the same length", _("the lists of a table must be equally long: count the entries between each pair of [ and ]")),
        (ValueError, "Cannot mask with non-boolean", no_text),
        (KeyError, r"Index\(\[nan", no_text),
        (AttributeError, r"Can only use \.str", no_text),
        (ValueError, "empty sequence", no_row),
        (IndexError, "out of bounds.* size 0", no_row),
        (FileNotFoundError, "", _("there is no such file: put it beside the notebook, and look at how its name is spelt")),
    ]  # fmt: skip


def load_always(environment: Path = Path(sys.prefix)) -> None:
    """Have every kernel of an environment load this, if the environment may be written."""
    config = environment / "etc" / "ipython" / "ipython_config.json"
    with suppress(OSError):
        config.parent.mkdir(parents=True, exist_ok=True)
        if not config.exists():
            config.write_text(json.dumps({"InteractiveShellApp": {"extensions": [__name__]}}))


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Tell mistakes in one line; the cell fails as ever. Tables have their words to the left.

    Who builds a page needs all that Python says.
    """
    if os.environ.get(output.PAGE_VARIABLE):
        return
    # Notebooks of a further language lie in a folder of its name.
    folder = Path(os.environ.get(NOTEBOOK, "")).parent.name
    if folder in wording.FURTHER:
        wording.speak(folder)
    shell.set_custom_exc((Exception,), _tell)
    shell.events.register("post_run_cell", partial(_tell_unknown, shell))
    shell.display_formatter.formatters["text/html"].for_type(pd.DataFrame, output.frame_html)


def _tell_unknown(shell: InteractiveShell, done: ExecutionResult) -> None:
    """Print the words of a filter that no table has."""
    with suppress(SyntaxError, InputError):
        cell = shell.transform_cell(done.info.raw_cell)
        for line in spelling.unknown(last_read(), cell, shell.user_ns):
            print(line)


def _tell(
    shell: InteractiveShell,
    kind: type[Exception],
    error: Exception,
    trace: TracebackType,
    tb_offset: int | None = None,
) -> None:
    if isinstance(error, SyntaxError):
        # Python's own lines are short, and show the place.
        if words := _by_rule(error):
            error.msg = words
    elif not isinstance(error, InputError) and (words := _words(shell, error, trace)):

        def once() -> list[str]:
            del error._render_traceback_  # %tb shows the rest
            return [f"{kind.__name__}: {words}"]

        error._render_traceback_ = once
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _words(shell: InteractiveShell, error: Exception, trace: TracebackType) -> str:
    """The next step after a mistake; an empty text where Python's own words are the best."""
    if isinstance(error, NameError):
        return _no_name(shell, error.name or "")
    frames = [(frame, line) for frame, line in traceback.walk_tb(trace)]
    own = [place for place in frames if place[0].f_globals is shell.user_ns]
    if not own:
        return ""
    words = _by_rule(error) or _not_found(error, [frame for frame, _ in frames])
    if not words:
        if frames[-len(own) :] == own:
            return ""  # a few lines, and all of them the learner's
        said = " ".join(str(error).split(chr(10) * 2)[0].split())
        words = said + " " + _("(Type %tb into a new cell to see all that Python says.)")
    frame, number = own[-1]
    line = linecache.getline(frame.f_code.co_filename, number).strip()
    return words + _(" [line {number}: {line}]").format(number=number, line=line)


def _by_rule(error: Exception) -> str:
    said = str(error.msg if isinstance(error, SyntaxError) else error)
    return next(
        (words for kind, of, words in _rules() if isinstance(error, kind) and re.search(of, said)),
        "",
    )


def _no_name(shell: InteractiveShell, name: str) -> str:
    running = shell.user_ns.get("In", [""])[-1]
    place = where_made(shell, name, running.strip())
    if not place:
        return _(
            "{name!r} is no name here. If it is a word of a table, put it in quotes: "
            '"{name}"; else look at how it is spelt in the cells above.'
        ).format(name=name)
    return _(
        "{name!r} is not known yet. Run first {place}; or choose Run > Run All Above Selected Cell "
        "in the menu."
    ).format(name=name, place=place)


def _not_found(error: Exception, frames: list[FrameType]) -> str:
    """What is said of a column, row or method that is not there."""
    said = str(error)
    if isinstance(error, KeyError) and frames[-1].f_globals.get("__name__", "").startswith(
        "pandas"
    ):
        return _no_key(error, frames)
    if isinstance(error, AttributeError) and error.name:
        if error.obj is None:
            return _(
                "an empty cell has no {name!r}: leave out empty cells first, with .dropna"
            ).format(name=error.name)
        near = nearest(error.name, _public(error.obj), NEAR)
        kind = error.obj.__name__ if isinstance(error.obj, ModuleType) else type(error.obj).__name__
        said = _("{kind} has no {name!r}").format(kind=kind, name=error.name)
        return said + (near or _("; look at how it is spelt"))
    if isinstance(error, ImportError) and (
        found := re.search("import name '(.+?)' from '(.+?)'", said)
    ):
        said = _("{kind} has no {name!r}").format(kind=found[2], name=found[1])
        return said + nearest(found[1], _public(sys.modules[found[2]]))
    if found := re.search(r"Expected one of (\[.*?\]) but received: (\w+)", said):  # of express
        return not_known("column", found[2], re.findall("'(.+?)'", found[1]))
    return ""


def _public(thing: object) -> list[str]:
    return [name for name in dir(thing) if not name.startswith("_")]


def _no_key(error: KeyError, frames: list[FrameType]) -> str:
    """What is said of a key that pandas looked for, with those of the table that it looked in."""
    key = error.args[0]
    if isinstance(key, tuple):
        return _("several columns stand in two pairs of brackets: [[{columns}]]").format(
            columns=", ".join(map(repr, key))
        )
    values = [frame.f_locals.get(name) for frame in reversed(frames) for name in HOLDERS]
    searched = [value for value in values if isinstance(value, pd.DataFrame | pd.Index)]
    if not searched:
        return ""
    tables = [value for value in searched if isinstance(value, pd.DataFrame)]
    known = getattr(searched[0], "columns", searched[0])
    if found := re.search(r"\['(.+?)'", str(key)):  # of several that were asked for
        key = found[1]
    if any(table.columns is known or known.equals(table.columns) for table in tables):
        return not_known("column", key, map(str, known))
    return not_known("row", str(key), map(str, known))


def where_made(shell: InteractiveShell, name: str, running: str) -> str:
    """In words, the first cell of the notebook that makes a name, other than the one that runs."""
    for heading, source in _cells():
        if name in _made(shell.transform_cell(source)) and source.strip() != running:
            lines = [line for line in source.splitlines() if line and line[0] not in "#%"]
            if heading:
                said = _("the cell that begins with: {line} (below {heading!r})")
            else:
                said = _("the cell that begins with: {line}")
            return said.format(line=lines[0][:LINE], heading=heading)
    return ""


def _cells() -> Iterator[tuple[str, str]]:
    """Each code cell of the notebook, as it was saved, with the last heading above it."""
    try:
        cells = json.loads(Path(os.environ[NOTEBOOK]).read_text("utf-8"))["cells"]
    except (KeyError, OSError, ValueError):
        return
    heading = ""
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            yield heading, source
        elif found := HEADING.findall(source):
            heading = found[-1]


def _made(source: str) -> set[str]:
    """The names that the lines of a cell make, outside of their functions."""
    try:
        symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    except SyntaxError:
        return set()
    return {x.get_name() for x in symbols if x.is_assigned() or x.is_imported()}
