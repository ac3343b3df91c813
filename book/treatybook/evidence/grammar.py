"""Grammar of the languages whose words change; the others say what English says."""

from __future__ import annotations

from types import ModuleType

from treatybook.evidence import russian, wording
from treatybook.evidence.errors import WrongArgument

GRAMMARS = {"ru": russian}


def spoken() -> ModuleType | None:
    """The grammar of the language in use; nothing for one whose words have one form."""
    return GRAMMARS.get(wording.spoken())


def needed(forms: object) -> ModuleType | None:
    """The same, where a text may ask for forms.

    Raises
    ------
    WrongArgument
        If it asks for some in a language without them.
    """
    if forms and not spoken():
        raise WrongArgument(f"{wording.LANGUAGES[wording.spoken()]} needs no case")
    return spoken()
