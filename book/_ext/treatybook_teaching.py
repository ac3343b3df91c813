"""Sphinx extension for teaching: tasks on the pages, and handouts made from the built pages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from treatybook import tables

RUBRIC_PAGE = "teach.html#how-to-mark-it"
# The line of the rubric that marks a kind of task; kinds with one right answer need none.
RUBRIC = {
    "who-says-so": "Sourcing",
    "corroborate": "Corroboration",
    "close-reading": "Close reading",
    "code-it": "Close reading",
    "context": "Context and causes",
    "weigh-it": "Saying how sure",
    "find-the-gap": "Saying how sure",
}


class Task(SphinxDirective):
    """``{task} name``: an open task with its kind, its aim, a folded hint and model answer."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        "kind": directives.unchanged_required,
        "aim": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        labels = tables.read().labels("exercise_kind")
        kind, aim = self.options.get("kind", ""), self.options.get("aim", "")
        if kind not in labels:
            raise self.error(f"task kind {kind!r}; allowed: {', '.join(labels)}")
        if not aim:
            raise self.error(f"task {self.arguments[0]!r} has no aim")
        part = nodes.container(classes=["tb-task"], ids=[f"task-{self.arguments[0]}"])
        head = nodes.paragraph(classes=["tb-task-head"])
        head += [nodes.strong(text=f"{labels[kind]}."), nodes.inline(text=f" Aim: {aim}")]
        part += head
        self.state.nested_parse(self.content, self.content_offset, part)
        if kind in RUBRIC:
            line = nodes.paragraph(text="Marked by the line ", classes=["tb-rubric"])
            line += nodes.reference(text=RUBRIC[kind], refuri=RUBRIC_PAGE, internal=True)
            line += nodes.Text(" of the rubric.")
            part += line
        return [part]


def setup(app: Sphinx) -> dict:
    app.add_directive("task", Task)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
