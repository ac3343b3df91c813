"""Helpers of the book *Moscow–Urga 1921*, in five rooms.

``evidence`` reads and checks the tables, ``display`` shows, ``views`` turns tables into figures,
``teaching`` makes lessons of them, and ``site`` builds the book. Imports go in that order only.

Whoever writes a cell needs no room: ``from treatybook import read, show, timeline`` finds each
name where it stands, and loads nothing else.
"""

from importlib import import_module
from pathlib import Path

ROOMS = ("evidence", "display", "views", "teaching", "site")
NAMES = {"Book": "evidence.tables", "read": "evidence.tables", "show": "display.output"}
__all__ = [*NAMES, *ROOMS]


def __getattr__(name: str) -> object:
    """A function of :data:`NAMES`, or the module of that name in the room where it stands."""
    if name in NAMES:
        return getattr(import_module(f"treatybook.{NAMES[name]}"), name)
    for room in ROOMS:
        if name.isidentifier() and (Path(__file__).parent / room / f"{name}.py").is_file():
            return import_module(f"treatybook.{room}.{name}")
    raise AttributeError(f"the book has no {name!r}")


def __dir__() -> list[str]:
    """What a learner can import, for whoever completes or mends a name."""
    modules = (path.stem for room in ROOMS for path in (Path(__file__).parent / room).glob("*.py"))
    return sorted({*__all__, *(name for name in modules if name[0] != "_")})
