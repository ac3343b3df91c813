"""Mistakes in a learner's cell that Python tells in many lines, or without the next step.

An extension of IPython that works before any cell has run: ``load_always`` tells the environment
to load it.
"""

from __future__ import annotations

import json
import os
import re
import symtable
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from IPython.core.interactiveshell import InteractiveShell

HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
LINE = 60  # characters of a cell by which it is found
NOTEBOOK = "JPY_SESSION_NAME"  # where Jupyter tells a kernel which notebook it serves
UNEQUAL = "All arrays must be of the same length"  # of pandas
EQUAL = "the lists of a table must be equally long: count the entries between each pair of [ and ]"


def load_always(environment: Path = Path(sys.prefix)) -> None:
    """Have every kernel of an environment load this, if the environment may be written."""
    config = environment / "etc" / "ipython" / "ipython_config.json"
    with suppress(OSError):
        config.parent.mkdir(parents=True, exist_ok=True)
        if not config.exists():
            config.write_text(json.dumps({"InteractiveShellApp": {"extensions": [__name__]}}))


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Tell these mistakes in one line; the cell fails as ever."""
    shell.set_custom_exc((NameError, ValueError), _tell)


def _tell(
    shell: InteractiveShell,
    kind: type[Exception],
    error: Exception,
    trace: TracebackType,
    tb_offset: int | None = None,
) -> None:
    if words := _words(shell, error):
        error._render_traceback_ = lambda: [f"{kind.__name__}: {words}"]
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _words(shell: InteractiveShell, error: Exception) -> str:
    """The next step after a mistake; an empty text where Python's own words are the best."""
    if isinstance(error, NameError):
        running = shell.user_ns.get("In", [""])[-1]
        place = where_made(shell, error.name or "", running.strip())
        menu = "choose Run > Run All Above Selected Cell in the menu"
        if not place:
            return (
                f"{error.name!r} is no name here. If it is a word of a table, put it in quotes: "
                f'"{error.name}"; else look at how it is spelt in the cells above.'
            )
        return f"{error.name!r} is not known yet. Run first {place}; or {menu}."
    return EQUAL if str(error) == UNEQUAL else ""


def where_made(shell: InteractiveShell, name: str, running: str) -> str:
    """In words, the first cell of the notebook that makes a name, other than the one that runs."""
    for heading, source in _cells():
        if name in _made(shell.transform_cell(source)) and source.strip() != running:
            lines = [line for line in source.splitlines() if line and line[0] not in "#%"]
            below = f" (below {heading!r})" if heading else ""
            return f"the cell that begins with: {lines[0][:LINE]}{below}"
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
