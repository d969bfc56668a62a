"""The form by which one votes, made of the poll's questions, and what was filled in as marks."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from core.cards import Input, InputKind, Option
from core.errors import Incomplete
from core.polls.counting import DOES_NOT, FITS, IF_NEED_BE, Shape
from core.polls.models import PollOption, PollQuestion
from core.polls.params import Answers
from core.texts import clean
from core.times import say_moment

PLACES = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
DATES = (Option("Yes", str(FITS)), Option("If need be", str(IF_NEED_BE)), Option("No", str(DOES_NOT)))
LONGEST_ANSWER = 2000


@dataclass(slots=True)
class Filled:
    """A whole vote: marks by the option's number, and words by the question's key."""

    marks: dict[int, int] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)


def inputs_for(
    asked: Sequence[PollQuestion],
    options: Sequence[PollOption],
    before: Mapping[int, int],
    words: Mapping[int, str],
    zone: ZoneInfo | None = None,
) -> tuple[Input, ...]:
    """The fields for these questions. `before`, `words`: what stands in them; zone: the clocks that dates go by."""
    inputs: list[Input] = []
    for question in asked:
        mine = [option for option in options if option.question_id == question.id]
        if question.shape == Shape.DATES:
            inputs += _dates(mine, before, zone)
        else:
            inputs += _inputs(question, mine, before, words.get(question.id, ""))
    return tuple(inputs)


def _dates(mine: Sequence[PollOption], before: Mapping[int, int], zone: ZoneInfo | None) -> list[Input]:
    """A field for each date, as the voter's own clocks show it."""
    hint = f"Times are those of {zone.key}." if zone else ""
    fields = []
    for at, option in enumerate(mine):
        label = say_moment(option.starts_at, zone) if zone and option.starts_at else option.text
        field = _mark(option, "choice", before, DATES, "" if at else hint)
        fields.append(dataclasses.replace(field, label=label))
    return fields


def _inputs(question: PollQuestion, mine: Sequence[PollOption], before: Mapping[int, int], words: str) -> list[Input]:
    name, label = f"q{question.position}", question.text[:200]
    choices = tuple(Option(option.text, str(option.number)) for option in mine)
    chosen = [str(option.number) for option in mine if before.get(option.number)]
    match Shape(question.shape):
        case Shape.TEXT:
            return [Input(name, label, "text", words, required=False, max_length=LONGEST_ANSWER)]
        case Shape.ONE | Shape.YES_NO:
            return [Input(name, label, "choice", next(iter(chosen), ""), choices, required=False)]
        case Shape.SEVERAL:
            hint = f"Choose up to {question.most}." if question.most else "Choose as many as you like."
            return [Input(name, label, "choices", tuple(chosen), choices, required=False, hint=hint)]
        case Shape.RANKED:
            placed = {before[option.number]: str(option.number) for option in mine if before.get(option.number)}
            places = PLACES[: min(question.most, len(mine))]
            return [
                Input(f"{name}p{at}", f"{place} choice", "choice", placed.get(at, ""), choices, required=False)
                for at, place in enumerate(places, start=1)
            ]
        case Shape.RATING:
            return [_mark(option, "choice", before, _scale(question.most), "") for option in mine]
    return [_mark(option, "number", before, (), f"You have {question.most} dots in all.") for option in mine]


def _mark(
    option: PollOption, kind: InputKind, before: Mapping[int, int], choices: tuple[Option, ...], hint: str
) -> Input:
    value = str(before[option.number]) if option.number in before else ""
    return Input(f"o{option.number}", option.text, kind, value, choices, required=False, hint=hint)


def _scale(top: int) -> tuple[Option, ...]:
    ends = {1: "1 (lowest)", top: f"{top} (highest)"}
    return tuple(Option(ends.get(mark, str(mark)), str(mark)) for mark in range(1, top + 1))


def understood(asked: Sequence[PollQuestion], options: Sequence[PollOption], answers: Answers) -> Filled:
    """What was filled in. Raises Incomplete with a sentence at the field where something is wrong."""
    given = {name: tuple(value.strip() for value in values if value.strip()) for name, values in answers}
    filled, problems = Filled(), dict[str, str]()
    for question in asked:
        mine = {option.number for option in options if option.question_id == question.id}
        if Shape(question.shape) is Shape.TEXT:
            words = clean(" ".join(given.get(f"q{question.position}", ())))[:LONGEST_ANSWER]
            if words:
                filled.words[question.id] = words
            continue
        name, sentence, marks = _marks(question, mine, given)
        if sentence:
            problems[name] = sentence
        filled.marks.update(marks)
    if problems:
        raise Incomplete(problems)
    if not filled.marks and not filled.words:
        first = inputs_for(asked[:1], options, {}, {})
        raise Incomplete({first[0].name if first else "answers": "Please choose something before you send it."})
    return filled


Read = tuple[str, str, dict[int, int]]
"""Where something is wrong and what, else two empty strings; and the marks."""


def _marks(question: PollQuestion, mine: set[int], given: Mapping[str, tuple[str, ...]]) -> Read:
    name = f"q{question.position}"
    match Shape(question.shape):
        case Shape.ONE | Shape.YES_NO | Shape.SEVERAL:
            return _choices(question, mine, name, given.get(name, ()))
        case Shape.RANKED:
            return _places(question, mine, name, given)
    marks: dict[int, int] = {}
    for number in sorted(mine):
        said = next(iter(given.get(f"o{number}", ())), "")
        if not said:
            continue
        mark = _whole(said)
        top = FITS if question.shape == Shape.DATES else question.most
        if mark is None or mark > top or (mark == 0 and question.shape == Shape.RATING):
            return f"o{number}", f"Please give a number up to {top} here, or leave it empty.", {}
        if mark or question.shape == Shape.DATES:
            marks[number] = mark
    if question.shape == Shape.DOTS and (spent := sum(marks.values())) > question.most:
        return f"o{min(marks)}", f"You spread {spent} dots and have {question.most}. Please take some away.", {}
    return "", "", marks


def _choices(question: PollQuestion, mine: set[int], name: str, said: Sequence[str]) -> Read:
    chosen = [number for each in said if (number := _whole(each)) is not None]
    if any(number not in mine for number in chosen):
        return name, "One of these was withdrawn meanwhile. Please choose again.", {}
    if question.shape != Shape.SEVERAL:
        chosen = chosen[:1]
    if question.most and question.shape == Shape.SEVERAL and len(set(chosen)) > question.most:
        return name, f"You chose {len(set(chosen))} and may choose {question.most} at most.", {}
    return "", "", dict.fromkeys(chosen, 1)


def _places(question: PollQuestion, mine: set[int], name: str, given: Mapping[str, tuple[str, ...]]) -> Read:
    """Places count in their order; one that is left empty is closed up."""
    ranked: dict[int, int] = {}
    for at in range(1, question.most + 1):
        said = _whole(next(iter(given.get(f"{name}p{at}", ())), ""))
        if said is None:
            continue
        if said not in mine:
            return f"{name}p{at}", "That option was withdrawn meanwhile. Please choose again.", {}
        if said in ranked:
            return f"{name}p{at}", "You have named that option above already. Please choose another one.", {}
        ranked[said] = len(ranked) + 1
    return "", "", ranked


def _whole(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 6 else None
