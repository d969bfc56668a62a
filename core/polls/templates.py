"""Questions that boards ask again and again, ready to be asked."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Option
from core.themes.queries import themes


@dataclass(frozen=True, slots=True)
class Template:
    """A question with its options and kind, as the form would hold them.

    of_themes: the board's themes are the options.
    """

    name: str
    question: str
    options: tuple[str, ...] = ()
    shape: str = "choice"
    max: int | None = None
    of_themes: bool = False


TEMPLATES = {
    "temperature check": Template(
        "Temperature check",
        "How do you feel about this?",
        ("🔥 All for it", "🙂 Warm", "😐 Lukewarm", "🥶 Cold"),
    ),
    "fist of five": Template(
        "Fist of five",
        "How far can you support this?",
        (
            "5 – I will lead it",
            "4 – I am all for it",
            "3 – I support it",
            "2 – I have doubts, but will not stand in the way",
            "1 – I have serious doubts",
            "0 – I can't support it",
        ),
    ),
    "which theme first": Template(
        "Which theme first?", "Which theme should we take up first?", shape="ranked", max=3, of_themes=True
    ),
    "find a time": Template("Find a time", "When can you come?", shape="dates"),
    "rate the meeting": Template(
        "Rate the meeting",
        "How was the meeting?",
        ("Worth my time", "Everyone was heard", "We decided what we had to"),
        shape="rating",
    ),
}
OPTIONS = tuple(Option(each.name, key) for key, each in TEMPLATES.items())


async def options_of(session: AsyncSession, board: int, template: Template) -> tuple[str, ...]:
    """The options of a template on this board."""
    if not template.of_themes:
        return template.options
    return tuple(theme.name[:150] for theme in await themes(session, board) if theme.state != "retired")
