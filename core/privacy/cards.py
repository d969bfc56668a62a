"""Cards about what is kept of people."""

from collections.abc import Mapping
from typing import Any

from core.cards import Block, Bold, Button, Buttons, Card, Facts, Heading, Line, Listing, Prose, Text
from core.commands import STEERING, Person
from core.paging import paged, turning
from core.privacy.models import Keeping
from core.privacy.params import EraseMe, EraseMember, EraseNow, MyData, SetKeeping

NOTICE = (
    "Folkmoot keeps your name, your organisation and role, your e-mail address if your coordinator gave it, and the "
    "accounts by which you are known in Slack and Teams. That is needed to know who speaks for whom, and to reach you.",
    "It keeps what you put to the board and what you answer for your organisation, with reasons, because that is the "
    "board's record. Everybody on the board can see it.",
    "It does not keep what is said in channels, files, photographs, presence or passwords. Nothing goes anywhere "
    "but to the chat tools of your board's partners.",
    "Type mydata to see everything that is kept about you, and erase to be erased. Then your name, address and "
    "accounts are deleted; what you said for your organisation stays as its own, by a former member. Backups age out.",
)
LABELS = {
    "agreements": "Put by you, or yours to decide",
    "electors": "Votes that you held",
    "identities": "Your accounts",
    "interests": "Interests that you declared",
    "invitations": "Codes made for you",
    "outgoing": "Messages to you",
    "postings": "Cards in your direct messages",
    "reminder_preferences": "How you are reminded",
    "reminders": "Reminders",
    "stances": "What you answered",
    "wordings": "Texts that you put",
}


def privacy_card(me: Person, keeping: Keeping) -> Card:
    """The notice, for how long, and what one can do."""
    left = f"after {keeping.left_days} days" if keeping.left_days else "when they ask for it"
    facts: tuple[tuple[str, Line], ...] = (
        ("Sent messages, old reminders and codes", (f"kept for {keeping.days} days",)),
        ("People who have left", (f"erased {left}",)),
        ("The board's record", ("kept as long as the board keeps it",)),
    )
    buttons = [Button("See my data", MyData(), style="primary"), Button("Erase me", EraseMe(), "danger", asks=True)]
    if me.role in STEERING:
        buttons.append(Button("Erase a member on request", EraseMember("", ""), "danger", asks=True))
        buttons.append(Button("How long things are kept", SetKeeping(), asks=True))
    blocks: list[Block] = [*(Text((paragraph,)) for paragraph in NOTICE), Facts(facts), Buttons(tuple(buttons))]
    return Card(title="What is kept about you", blocks=tuple(blocks), summary="What is kept about you, and why.")


def data_card(gathered: Mapping[str, Any], page: int) -> Card:
    """One page of everything that is kept about a person."""
    person = gathered["person"]
    facts = tuple((key.replace("_", " ").capitalize(), (str(value),)) for key, value in person.items() if value)
    parts: list[list[Block]] = [[Facts(facts)]]
    for table, rows in gathered["records"].items():
        for number, row in enumerate(rows):
            title: list[Block] = [] if number else [Heading(LABELS.get(table, table.replace("_", " ").capitalize()))]
            parts.append([*title, Prose(_said(row))])
    lines: tuple[Line, ...] = tuple(
        (Bold(each["number"] or f"Entry {each['position']}"), f" {each['kind']}: {each['title']}, {each['at']}")
        for each in gathered["register"]
    )
    for start in range(0, len(lines), 20):
        title = [Heading("In the register")] if not start else []
        parts.append([*title, Listing(lines[start : start + 20])])
    found = paged(parts)
    page, last = min(max(page, 1), len(found)), len(found)
    end = "The operator can hand you the same as a file: folkmoot person export."
    blocks = [*found[page - 1], Text((f"Page {page} of {last}. {end}",), "subtle"), *turning(page, last, MyData)]
    return Card(title="Your data", blocks=tuple(blocks), summary=f"Everything kept about {person['name']}.")


def _said(row: Mapping[str, Any]) -> str:
    """A row in lines; what is empty is left out."""
    told = [f"{key.replace('_', ' ')}: {value}" for key, value in row.items() if value not in (None, "", [], {})]
    return "\n".join(told) or "(nothing)"


def sure_card(name: str, does: EraseNow, mine: bool) -> Card:
    """What will happen, and the last question."""
    whose = "Your" if mine else f"{name}'s"
    words = (
        f"{whose} name, e-mail address, accounts, reminders and direct messages are deleted from this board, for good.",
        "Answers given for an organisation, and the register, stay: they belong to the board, by a former member.",
        "Free text that others wrote is not searched, and messages that stand in the chat tools are theirs to delete.",
        "Who is on several boards asks on each. Backups hold it until they are replaced.",
    )
    question = "Erase for good? Nobody can undo this."
    button = Button("Erase for good", does, style="danger", confirm=question)
    blocks: tuple[Block, ...] = (*(Text((each,)) for each in words), Buttons((button,)))
    return Card(title=f"Erase {'you' if mine else name}?", blocks=blocks, summary=question)
