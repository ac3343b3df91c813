"""Helpers of the book *Moscow–Urga 1921*.

``keys`` says what is wrong with a call; ``dates`` and ``tables`` read the evidence;
``timeline``, ``clauses``, ``presence``, ``sources`` and ``dictionary`` turn it into figures
and tables; ``show`` shows them.
Imports go in that direction only.
"""

from treatybook.show import show
from treatybook.tables import Book, read

__all__ = ["Book", "read", "show"]
