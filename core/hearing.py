"""Which command a typed line asks for, and what people are told whose first word is none."""

from collections.abc import Mapping
from typing import Any

from core.catalog import BY_WORD
from core.commands import Command
from core.errors import Refused
from core.texts import first_word, nearest, number_in

_GREETINGS = frozenset({"hi", "hello", "hey", "hallo", "morning", "thanks", "thank", "thx", "cheers", "ok", "okay"})
_ASKING = frozenset({"?", "menu", "commands"})
_SAID_FOR: Mapping[str, str] = {  # what people say instead, and our word for it
    "agenda": "meetings", "agendas": "meetings", "ask": "poll", "channels": "rooms", "decide": "agree",
    "diary": "calendar", "idea": "raise", "issue": "raise", "minutes": "meetings past", "next": "meetings",
    "partners": "organisations", "people": "members", "plan": "meeting", "priorities": "pipeline",
    "proposal": "agree", "propose": "agree", "question": "poll", "register": "decisions", "schedule": "meeting",
    "search": "find", "settings": "setup", "suggest": "raise", "survey": "poll", "task": "action",
    "tasks": "actions", "todo": "actions", "topic": "raise", "vote": "agreements or polls", "who": "members",
}  # fmt: skip


def asked_for(line: str) -> Command[Any]:
    """The command that a typed line asks for; a number alone behind a word is looked up in the list of such things.

    Nothing, a greeting or thanks is home. Raises Refused, with a guess at what was meant, for any other word.
    """
    word, rest = first_word(line)
    command = BY_WORD.get(word) or (None if word or line.strip() else BY_WORD["home"])
    if command is not None:
        return BY_WORD[command.numbers] if command.numbers and number_in(rest) is not None else command
    if (listed := BY_WORD.get(f"{word}s")) is not None and number_in(rest) is not None:
        return listed  # "agreement 1"
    inside = next((found for each in rest.split() if (found := first_word(each)[0]) in BY_WORD), "")
    if word in _GREETINGS and not inside:
        return BY_WORD["home"]
    if (word or line.strip()) in _ASKING:
        return BY_WORD["help"]
    raise Refused(_unknown(word or line.strip(), inside))


def _unknown(word: str, inside: str) -> str:
    said = f"I don't know “{word[:40]}”"
    meant = _SAID_FOR.get(word) or nearest(word, list(BY_WORD))
    if meant:
        return f"{said}. Did you mean {meant}? Type help to see everything you can ask."
    if inside:
        return f"{said}; the first word says what you want. Did you mean {inside}? Type help {inside} to see how."
    return f"{said}. Type help to see everything you can ask."
