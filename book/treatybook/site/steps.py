"""The directives of the lessons: what a learner's page makes of each, and the teacher's choice."""

from __future__ import annotations

from typing import ClassVar

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from markupsafe import Markup, escape
from sphinx.util.docutils import SphinxDirective

from treatybook.display.content import Cell, QuizView, TableView
from treatybook.display.elements import element, joined
from treatybook.display.rendering import criteria_html, quiz_html, table_html, writing_html
from treatybook.evidence import prose, tables
from treatybook.evidence.wording import _, plural
from treatybook.site.roles import made_file
from treatybook.teaching import lessons, quizzes


class _OfLesson(SphinxDirective):
    """A directive that stands on the page of a lesson."""

    has_content = True

    def lesson(self) -> lessons.Lesson:
        page = self.env.docname.rpartition("/")[2]
        return lessons.all_lessons()[page]

    def parsed(self, markdown: str) -> list[nodes.Node]:
        """Markdown of this page as nodes, with its roles."""
        holder = nodes.container()
        source = self.get_source_info()[0]
        self.state.nested_parse(
            StringList(markdown.split("\n"), source), self.content_offset, holder
        )
        return holder.children


def _raw(*html: object) -> nodes.raw:
    return nodes.raw("", str(joined(html)), format="html")


class LessonHead(_OfLesson):
    """``{lesson} Lesson 1``: what teachers need; a learner sees the way to it."""

    required_arguments, final_argument_whitespace = 1, True
    option_spec: ClassVar = dict.fromkeys(
        ("length", "class", "aims", "mark", "print"), directives.unchanged_required
    )

    def run(self) -> list[nodes.Node]:
        lesson = self.lesson()
        links = [element("a", words, href=to) for words, to in lessons.forms(lesson).items()]
        told = escape(_("{lesson}. For teachers: {forms}"))
        words = told.format(lesson=lesson.label, forms=joined(links, ", "))
        return [_raw(element("p", words, class_="tb-forms", id=lesson.name))]


class Passage(SphinxDirective):
    """``{passage} page > heading``: some running text of another page."""

    required_arguments, final_argument_whitespace = 1, True

    def run(self) -> list[nodes.Node]:
        try:
            page, heading, text = prose.named_passage(self.arguments[0])
        except KeyError as error:
            raise self.error(error.args[0]) from error
        quoted = nodes.block_quote(classes=["tb-passage"])
        source = self.get_source_info()[0]
        self.state.nested_parse(StringList(text.split("\n"), source), self.content_offset, quoted)
        self.env.note_dependency(str(tables.BOOK_FOLDER / f"{page}.md"))
        end = nodes.paragraph(classes=["tb-from"])
        end += nodes.reference(text=heading, refuri=f"{page}.html", internal=True)
        quoted += end
        return [quoted]


class StepPart(_OfLesson):
    """``{step} name``: what is asked in one step, with what a reader compares an answer with."""

    required_arguments = 1
    option_spec: ClassVar = dict.fromkeys(
        ("minutes", "ask", "lines", "copy", "recall"), directives.unchanged
    )

    def run(self) -> list[nodes.Node]:
        book, lesson = tables.read(), self.lesson()
        step = lesson.step(self.arguments[0])
        part = nodes.container(classes=["tb-step"], ids=[f"step-{step.key}"])
        if recalled := self.options.get("recall", "").split():
            part += _raw(_recalled(lesson, recalled))
        task = nodes.container(ids=[f"write-{step.key}-task"], classes=["tb-asked"])
        task += self.parsed(step.task)
        part += task
        if step.asks:
            asked = [quizzes.named(book, name) for name in step.asks]
            part += _raw(quiz_html(QuizView(f"asked-{step.key}", asked)))
        if step.model:
            part += _raw(writing_html(f"write-{step.key}"))
            part += _raw(
                Markup('<details class="tb-model"><summary>{}</summary>').format(
                    _("A model to compare with")
                )
            )
            part += self.parsed(step.model)
            part += _raw(criteria_html(step.criteria), Markup("</details>"))
        return [part]


def _recalled(lesson: lessons.Lesson, names: list[str]) -> Markup:
    """Where the script shows what was written in a step or answered to a question before."""
    written = {step.key for step in lesson.steps if step.model}
    forms = [f"{'write' if name in written else 'quiz'}-{name}" for name in names]
    return element("p", class_="tb-recall", hidden=True, data_of=" ".join(forms))


class Plans(SphinxDirective):
    """``{plans}``: every lesson by its time, aim and class, with all its forms."""

    def run(self) -> list[nodes.Node]:
        known = lessons.all_lessons()
        for page in known:
            self.env.note_dependency(str(tables.BOOK_FOLDER / f"{page}.md"))
        frame = pd.DataFrame(
            {
                _("Lesson"): Cell(f"{x.label}: {x.title}", href=f"{x.name}.html"),
                _("Time"): x.length,
                _("What is learned"): x.aims,
                _("For whom"): x.group,
                _("Its forms"): Cell(
                    ", ".join(lessons.forms(x)), links=[*lessons.forms(x).items()]
                ),
            }
            for x in known.values()
        )
        caption = plural("{n} lesson to choose from", "{n} lessons to choose from", len(known))
        view = TableView("lessons", caption, frame, tuple(known))
        printed = nodes.bullet_list()
        for lesson in known.values():
            printed += nodes.list_item("", _on_paper(lesson))
        return [_raw(table_html(view)), printed]


def _on_paper(lesson: lessons.Lesson) -> nodes.paragraph:
    """The files of a lesson that ``make site`` makes; left out where it has not made them."""
    line = nodes.paragraph(text=_("{lesson} as PDF: ").format(lesson=lesson.label))
    parts = {"sources": _("sources"), "tasks": _("tasks")}
    for number, (part, words) in enumerate(parts.items()):
        line += [nodes.Text(", ")] * bool(number)
        line += made_file(text=words, file=f"sheet-{lesson.name}-{part}-a4.pdf")
    return line
