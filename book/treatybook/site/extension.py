"""The Sphinx extension of the book: every hook, in the order in which it is called."""

from __future__ import annotations

import os
from collections.abc import Callable

import pybtex.plugin
from pybtex.backends.plaintext import Backend
from sphinx.application import Sphinx

from treatybook.display.output import PAGE_VARIABLE
from treatybook.evidence.identifiers import KINDS
from treatybook.site import (
    addresses,
    chapters,
    edition,
    execution,
    extras,
    fresh,
    heads,
    policy,
    prose_tables,
    roles,
    scripts,
    search_page,
    static_figures,
    steps,
    stylesheets,
)
from treatybook.site.bibliography_style import TreatybookStyle

# Where Sphinx or another extension connects to the same event, numbers say who comes later:
# their own parts have 500.
BEFORE_COLLECTING = 100
AFTER_THE_THEME = 900
AFTER_THE_BODY = 950
AFTER_COPYING = 600
AFTER_ALL_PAGES = 950


def _once_built(part: Callable[[Sphinx], None]) -> Callable[[Sphinx, Exception | None], None]:
    """A last part of the build, left out if the build failed or made something else than pages."""

    def finish(app: Sphinx, exception: Exception | None) -> None:
        if exception is None and app.builder.format == "html":
            part(app)

    return finish


def setup(app: Sphinx) -> dict:
    """Connect the parts of the site room to Sphinx."""
    os.environ[PAGE_VARIABLE] = "1"  # the kernels of the build inherit it
    pybtex.plugin.register_plugin("pybtex.style.formatting", "treatybook", TreatybookStyle)
    # Else all installed packages are searched for it at every citation: seconds of a build.
    pybtex.plugin.register_plugin("pybtex.backends", "plaintext", Backend, force=True)

    edition.add_catalogues(app)
    # Pages that need more than the policy of all: {"folder/*": {"worker-src": "'self'"}}.
    app.add_config_value("policy_additions", {}, "html")
    # Captions of the parts whose chapters are numbered.
    app.add_config_value("numbered_parts", [], "env", list)
    # If one of these files changes, all pages are read anew.
    made_of = fresh.digest(fresh.files(*fresh.evidence(), fresh.CODE))
    app.add_config_value("tb_made_of", made_of, "env", str)
    app.add_config_value("tb_site", bool(os.environ.get("BOOK_SITE_FILES")), "html", bool)
    for kind in KINDS:
        app.add_role(kind, roles.RowRole(kind))
    app.add_role("repository", roles.RepositoryRole())
    app.add_role("made", roles.MadeRole())
    app.add_node(roles.made_file)
    app.add_directive("task", roles.Task)
    app.add_directive("lesson", steps.LessonHead)
    app.add_directive("passage", steps.Passage)
    # Another extension of Jupyter Book has one of this name, which nothing here uses.
    app.add_directive("step", steps.StepPart, override=True)
    app.add_directive("plans", steps.Plans)
    app.add_node(chapters.chapter_cards)
    app.add_directive("chapters", chapters.Cards)
    app.add_domain(search_page.RowDomain)
    app.add_css_file("treatybook.css")
    app.add_css_file("printing.css")
    # After the styles of the theme and of the other extensions, which it completes.
    app.add_css_file("treatybook-looks.css", priority=990)
    for script in ("finding.js", "treatybook.js", "lesson.js", "printing.js", "offline.js"):
        app.add_js_file(script, defer="defer")

    app.connect("config-inited", extras.copy_library)
    app.connect("config-inited", edition.write_words)
    app.connect("config-inited", extras.write_downloads)
    app.connect("config-inited", execution.forget_stale_outputs)
    app.connect("config-inited", addresses.link_repository)
    app.connect("config-inited", extras.write_decks)
    app.connect("config-inited", extras.write_sheets)
    app.connect("config-inited", stylesheets.set_options, priority=AFTER_THE_THEME)
    app.connect("config-inited", addresses.set_address)
    app.connect("builder-inited", scripts.lighten_pages)
    app.connect("env-before-read-docs", execution.run_notebooks)
    app.connect("env-updated", chapters.follow)
    app.connect("doctree-read", edition.keep_anchors, priority=BEFORE_COLLECTING)
    # After Sphinx's own collector, which gathers the rest of what is known of a page.
    app.connect("doctree-read", heads.keep_description, priority=AFTER_THE_THEME)
    app.connect("doctree-resolved", roles.resolve)
    app.connect("doctree-resolved", chapters.write_cards)
    app.connect("html-collect-pages", search_page.lost_page)
    app.connect("html-page-context", addresses.launch_notebook, priority=AFTER_THE_THEME)
    app.connect("html-page-context", prose_tables.write_tables, priority=AFTER_THE_THEME)
    app.connect("html-page-context", heads.body_tags, priority=AFTER_THE_THEME)
    app.connect("html-page-context", edition.switch, priority=AFTER_THE_THEME)
    app.connect("html-page-context", chapters.write_way, priority=AFTER_THE_THEME)
    app.connect("html-page-context", scripts.fit_scripts, priority=AFTER_THE_BODY)
    app.connect("html-page-context", stylesheets.ask_for_letters, priority=AFTER_THE_BODY)
    app.connect("html-page-context", heads.head_tags, priority=AFTER_THE_BODY)
    app.connect("html-page-context", search_page.search_tags, priority=AFTER_THE_BODY)
    app.connect("html-page-context", scripts.write_settings, priority=AFTER_THE_BODY + 10)
    app.connect("build-finished", _once_built(search_page.finish))
    app.connect("build-finished", _once_built(execution.name_cells))
    app.connect("build-finished", _once_built(static_figures.draw_figures), priority=AFTER_COPYING)
    # After the extensions that copy files, before anything that packs them.
    app.connect("build-finished", _once_built(stylesheets.prune_site), priority=AFTER_COPYING)
    app.connect("build-finished", _once_built(policy.secure_pages), priority=AFTER_ALL_PAGES)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
