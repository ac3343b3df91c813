"""The register of checks: each is one small unit that says which tables it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from treatybook.evidence.reading import Problem, Row

Tables = Mapping[str, list[Row]]
Find = Callable[[Tables], Iterator[Problem]]


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes
    ----------
    subject : str
        What it is about: the first line of the docstring of its function.
    tables : tuple of str
        The tables that it needs. If one of them cannot be read, it does not run.
    find : callable
        Gives what is wrong in the tables.
    """

    subject: str
    tables: tuple[str, ...]
    find: Find


CHECKS: list[Check] = []


def needs(*tables: str) -> Callable[[Find], Find]:
    """Enter a function into the register, with the tables that it needs."""

    def enter(find: Find) -> Find:
        CHECKS.append(Check(find.__doc__.split("\n")[0].rstrip("."), tables, find))
        return find

    return enter
