"""Sphinx extension for what is made from the finished site: links to it, paper, reading offline."""

from __future__ import annotations

import os

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import ReferenceRole

FOLDER = "downloads"


class made_file(nodes.General, nodes.Inline, nodes.TextElement):
    """A file that ``make site`` makes after the pages: a link only if it will be there."""


class MadeRole(ReferenceRole):
    """``{made}`words <file>```: a link into the downloads, or how to make the file."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [made_file(text=self.title, file=self.target)], []


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Settle at writing time what each such node becomes, so that a switch rereads no page."""
    for node in list(doctree.findall(made_file)):
        words = node.astext()
        if app.config.tb_site:
            up = "../" * docname.count("/")
            new = [nodes.reference(text=words, refuri=f"{up}{FOLDER}/{node['file']}")]
        else:
            new = [
                nodes.Text(f"{words} (made by "),
                nodes.literal(text="make site"),
                nodes.Text(")"),
            ]
        node.replace_self(new)


def setup(app: Sphinx) -> dict:
    app.add_config_value("tb_site", bool(os.environ.get("BOOK_SITE_FILES")), "html", bool)
    app.add_node(made_file)
    app.add_role("made", MadeRole())
    app.add_css_file("printing.css")
    app.add_js_file("printing.js", defer="defer")
    app.add_js_file("offline.js", defer="defer")
    app.connect("doctree-resolved", resolve)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
