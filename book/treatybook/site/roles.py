"""What prose may say beside Markdown: roles for rows, files and the repository, and tasks."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole, SphinxDirective

from treatybook.evidence import identifiers, tables, wording
from treatybook.evidence.wording import _
from treatybook.site import edition
from treatybook.site.addresses import repository_url

logger = logging.getLogger(__name__)


class RowRole(ReferenceRole):
    """``{event}`key```: words from a row of the tables, linked to where it is shown."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            title = self.title if self.has_explicit_title else ""
            found = identifiers.reference(tables.read(), self.kind, self.target, title)
        except identifiers.UnknownReference as error:
            logger.warning("%s", error, location=self.get_location(), type="treatybook")
            return [nodes.problematic(text=self.rawtext)], []
        if not found.page:
            return [nodes.inline(text=found.text, classes=[f"tb-{self.kind}"])], []
        return [_link(found.text, f"{found.page}.html#{found.anchor}")], []


def _link(words: str, address: str) -> nodes.reference:
    """A link to a place in the book."""
    return nodes.reference(text=words, refuri=address, internal=True)


REPOSITORY = "repository:"  # before a path in it, until a page is written


class RepositoryRole(ReferenceRole):
    """``{repository}`words <path>```: a link into the repository, or the words where none is known."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.reference(text=self.title, refuri=f"{REPOSITORY}{self.target}")], []


class made_file(nodes.General, nodes.Inline, nodes.TextElement):
    """A file that ``make site`` makes after the pages: a link, or nothing if it will not be there."""


class MadeRole(ReferenceRole):
    """``{made}`words <file>```: a link into the downloads; without the file its line is left out."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [made_file(text=self.title, file=self.target)], []


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Settle at writing time what each such node becomes, so that a switch rereads no page."""
    for node in list(doctree.findall(nodes.reference)):
        if (target := node.get("refuri", "")).startswith(REPOSITORY):
            if address := repository_url():
                node["refuri"] = f"{address}/{target.removeprefix(REPOSITORY)}"
            else:
                node.replace_self(nodes.inline(text=node.astext()))
    for node in list(doctree.findall(made_file)):
        if app.config.tb_site:
            root = docname.count("/") + (wording.spoken() != wording.SOURCE)
            address = f"{'../' * root}{edition.printed(node['file'], wording.spoken())}"
            node.replace_self(nodes.reference(text=node.astext(), refuri=address))
        elif node in node.parent:  # and not taken away with another of its line
            _leave_out(node)


def _leave_out(node: nodes.Node) -> None:
    """Take away the line in which a node stands, and what holds nothing else."""
    holder, lines = node.parent, [[]]
    for child in holder.children:
        if not isinstance(child, nodes.Text):
            lines[-1].append(child)
            continue
        first, *others = child.split("\n")
        lines[-1].append(nodes.Text(first))
        lines += [[nodes.Text(other)] for other in others]
    kept = [line for line in lines if not any(isinstance(part, made_file) for part in line)]
    holder.children = []
    for number, line in enumerate(kept):
        holder += [nodes.Text("\n")] * bool(number) + line
    while not holder.astext().strip() and holder.parent:
        empty, holder = holder, holder.parent
        holder.remove(empty)


class Task(SphinxDirective):
    """``{task} name``: an open task with its kind, its aim, a folded hint and model answer."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = dict.fromkeys(("kind", "aim"), directives.unchanged_required)

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        book = tables.read()
        labels = book.labels("exercise_kind")
        kind, aim = self.options.get("kind", ""), self.options.get("aim", "")
        if kind not in labels:
            raise self.error(f"task kind {kind!r}; allowed: {', '.join(labels)}")
        if not aim:
            raise self.error(f"task {self.arguments[0]!r} has no aim")
        part = nodes.container(classes=["tb-task"], ids=[f"task-{self.arguments[0]}"])
        head = nodes.paragraph(classes=["tb-task-head"])
        head += [
            nodes.strong(text=f"{labels[kind]}."),
            nodes.inline(text=f" {_('Aim: {aim}').format(aim=aim)}"),
        ]
        part += head
        self.state.nested_parse(self.content, self.content_offset, part)
        # The line of the rubric that marks such a task; kinds with one right answer have none.
        rows = book.codebook.set_index(["list", "label"])
        if rubric := rows.loc[("exercise_kind", kind), "rubric"]:
            before, after = _("Marked by the line {line} of the rubric.").split("{line}")
            line = nodes.paragraph(text=before, classes=["tb-rubric"])
            line += [_link(rubric, "teach.html#how-to-mark-it"), nodes.Text(after)]
            part += line
        return [part]
