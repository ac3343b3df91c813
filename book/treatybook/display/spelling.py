"""Words in a learner's filter that no table has: pandas passes them over in silence."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from treatybook.display.labels import Words
from treatybook.evidence.errors import not_known
from treatybook.evidence.tables import Book


def unknown(book: Book, cell: str, names: Mapping[str, object]) -> list[str]:
    """A line for each word that a cell looks for in a column of codes, and that is none of them.

    Parameters
    ----------
    book : Book
        The tables that say which columns hold codes, and which codes there are.
    cell : str
        Code that has run.
    names : mapping of str to object
        What its names stand for.
    """
    found = []
    for column, sought in _filters(ast.parse(cell)):
        codes = {c: w for codes in Words(book).dictionaries(column) for c, w in codes.items()}
        for word in _words(sought, names) if codes else ():
            if word and word not in codes:
                found.append(not_known(column, word, codes))
    return list(dict.fromkeys(found))


def _filters(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Name of a column and what it is compared with, for each comparison of a cell."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.Compare(
                    left=ast.Subscript(slice=ast.Constant(value=str(column))),
                    ops=[ast.Eq() | ast.NotEq()],
                    comparators=[sought],
                )
                | ast.Call(
                    func=ast.Attribute(
                        value=ast.Subscript(slice=ast.Constant(value=str(column))),
                        attr="isin" | "eq" | "ne",
                    ),
                    args=[sought],
                )
            ):
                yield column, sought


def _words(sought: ast.expr, names: Mapping[str, object]) -> list[str]:
    """The texts that stand in the cell, or in a list that it names."""
    if isinstance(sought, ast.Name):
        value = names.get(sought.id)
    else:
        try:
            value = ast.literal_eval(sought)
        except ValueError:
            return []
    several = value if isinstance(value, list | tuple | set) else [value]
    return [word for word in several if isinstance(word, str)]
