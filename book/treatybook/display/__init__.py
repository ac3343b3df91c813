"""One way to show: what a view returns, its cells, its style, its HTML, on a page or in a notebook."""

# A view that is the last line of a cell shows itself, whichever module made it.
from treatybook.display import output  # noqa: F401
