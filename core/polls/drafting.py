"""What a poll will be, checked before anything is written: a question, its options, and the settings."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from core.errors import Incomplete, Refused
from core.polls.counting import Shape
from core.polls.params import OPTION_LENGTH, Launch
from core.texts import one_line, quoted, squashed
from core.times import read_moment, say_moment

MOST_OPTIONS, MOST_QUESTIONS = 50, 10
MOST_DOTS, MOST_PLACES, TOP_OF_SCALE = 20, 10, 10
YES_NO_ABSTAIN = ("Yes", "No", "Abstain")
NO_OPTIONS = (
    "Please give two options or more, one on each line. When you type, divide them by |, such as "
    "poll Which evening? | Tue | Wed | Thu."
)
NO_QUESTION = "Please write your question, such as poll Which evening? | Tue | Wed | Thu."


@dataclass(frozen=True, slots=True)
class Choice:
    """One option to be: what it says, and of a date its moment."""

    text: str
    starts_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question to be; see `PollQuestion`."""

    text: str
    shape: Shape
    options: tuple[Choice, ...] = ()
    most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A poll to be; see `Poll` for the meaning of each."""

    questions: tuple[Question, ...]
    anonymous: bool = False
    hidden: str = "no"
    adding: bool = False
    comments: bool = False
    closes_at: datetime.datetime | None = None
    closes_after: int | None = None
    closes_when_all: bool = False
    unit: str = "member"
    who: str = "board"
    organisation_id: int | None = None
    group_id: int | None = None
    room_ids: Sequence[int] = field(default=())
    opens_at: datetime.datetime | None = None
    repeats: str = "no"


def questions_of(params: Launch, zone: ZoneInfo, now: datetime.datetime) -> tuple[Question, ...]:
    """The questions that are asked. Raises Incomplete with a sentence for each field that is wrong."""
    problems: dict[str, str] = {}
    if not params.question:
        problems["question"] = NO_QUESTION
    shape = _shape(params)
    options: tuple[Choice, ...] = ()
    most = 0
    try:
        options = options_for(shape, params.options, zone, now)
    except Refused as refusal:
        problems["options"] = refusal.sentence
    try:
        most = _most(shape, params.max, len(options))
    except Refused as refusal:
        problems["max"] = refusal.sentence
    more: tuple[Question, ...] = ()
    try:
        more = _more_questions(params.questions)
    except Refused as refusal:
        problems["questions"] = refusal.sentence
    asked = (Question(params.question, shape, options, most), *more)
    if sum(len(each.options) for each in asked) > MOST_OPTIONS and not problems:
        problems["questions"] = f"All questions together may have {MOST_OPTIONS} options. Please ask in two polls."
    if problems:
        raise Incomplete(problems)
    return asked


def check_times(params: Launch, now: datetime.datetime) -> None:
    """Refuse, by Incomplete, a poll that would close before it opens, or never know when all have voted."""
    if params.closes is not None and params.closes <= (params.opens or now):
        raise Incomplete({"closes": "It would close before it opens. Please choose a later time."})
    if params.closes_after == 0:
        raise Incomplete({"closes_after": "Please give a number of votes from 1 on, or leave it empty."})
    if params.closes_when_all and params.voters == "room":
        raise Incomplete(
            {"closes_when_all": "Who is in a room is not known to Folkmoot. Please let it close by time or number."}
        )


def _shape(params: Launch) -> Shape:
    if params.shape != "choice":
        return Shape(params.shape)
    several = params.multi or (params.max or 0) > 1
    return Shape.SEVERAL if several else Shape.ONE


def options_for(shape: Shape, texts: Sequence[str], zone: ZoneInfo, now: datetime.datetime) -> tuple[Choice, ...]:
    """The options of a question of this shape. Raises Refused with what is wrong with them."""
    if shape is Shape.TEXT:
        return ()
    if shape is Shape.YES_NO:
        return tuple(map(Choice, YES_NO_ABSTAIN))
    if len(texts) < 2:
        raise Refused(NO_OPTIONS)
    if len(texts) > MOST_OPTIONS:
        raise Refused(f"{len(texts)} options are too many for one poll; please keep to {MOST_OPTIONS}.")
    if shape is Shape.DATES:
        options = tuple(date_choice(each, zone, now) for each in texts)
    else:
        options = tuple(map(Choice, texts))
    check_different([each.text for each in options])
    return options


def check_different(texts: Sequence[str]) -> None:
    """Refuse when an option stands there twice, whatever its case and punctuation."""
    seen: set[str] = set()
    for text in texts:
        if (key := same(text)) in seen:
            raise Refused(f"{quoted(text)} stands there twice; please keep one of them.")
        seen.add(key)


def same(text: str) -> str:
    """What two options have in common that say the same."""
    return squashed(text) or one_line(text).casefold()  # emoji alone have no letters


def date_choice(text: str, zone: ZoneInfo, now: datetime.datetime) -> Choice:
    """A date as an option, said on the board's clocks. Raises Refused for what is no date, or a past one."""
    moment = read_moment(text, zone, now)
    return Choice(say_moment(moment, zone), moment)


def _most(shape: Shape, wanted: int | None, options: int) -> int:
    match shape:
        case Shape.SEVERAL:
            return _within(wanted, 0, 1, max(options, 1), "the most that may be chosen")
        case Shape.DOTS:
            return _within(wanted, 5, 1, MOST_DOTS, "how many dots there are")
        case Shape.RANKED:
            places = min(options, MOST_PLACES)
            return _within(wanted, min(places, 5), 1, max(places, 1), "how many places are ranked")
        case Shape.RATING:
            return _within(wanted, 5, 2, TOP_OF_SCALE, "the top of the scale")
    return 0


def _within(wanted: int | None, usual: int, least: int, most: int, what: str) -> int:
    if wanted is None or wanted == 0:
        return usual
    if not least <= wanted <= most:
        raise Refused(f"Here that is {what}; please give a number from {least} to {most}.")
    return wanted


def _more_questions(text: str) -> tuple[Question, ...]:
    asked = []
    for paragraph in filter(str.strip, text.split("\n\n")):
        first, *rest = [line for line in map(one_line, paragraph.split("\n")) if line]
        options = tuple(Choice(line.lstrip("-–*• ").strip()[:OPTION_LENGTH]) for line in rest)
        if len(options) == 1:
            raise Refused(f"{quoted(first)} has one option only. Give it two or more, or none to be answered in words.")
        check_different([each.text for each in options])
        asked.append(Question(first[:300], Shape.ONE if options else Shape.TEXT, options))
    if len(asked) >= MOST_QUESTIONS:
        raise Refused(f"A poll has {MOST_QUESTIONS} questions at most. Please ask the others in another poll.")
    return tuple(asked)
