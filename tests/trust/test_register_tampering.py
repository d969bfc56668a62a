"""The record is tamper-evident: every edit, deletion, reordering, insertion and truncation of a register is found."""

import copy
import datetime
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from core.register.models import Entry
from core.register.queries import flaws, unwitnessed
from core.register.seal import FIRST, Seal

SEAL, LENGTH = Seal(["one key", "an older key"]), 12
OLD = Seal(["an older key"])
FIELDS: dict[str, Callable[[Any, random.Random], Any]] = {
    "partnership_id": lambda value, _: value + 1,
    "position": lambda value, chance: value + chance.choice((-1, 1, 5)),
    "number": lambda value, _: "BPB-2026-999" if value is None else None,
    "kind": lambda value, _: "decision" if value != "decision" else "noted",
    "title": lambda value, chance: value[: chance.randrange(len(value))] + "!",
    "subject": lambda value, _: value[::-1],
    "detail": lambda value, chance: {**value, chance.choice(("why", "tally", "new")): chance.random()},
    "actor": lambda value, _: value.replace("a", "b") + " ",
    "at": lambda value, chance: value + datetime.timedelta(microseconds=chance.choice((-1, 1, 3_600_000_000))),
    "previous": lambda value, chance: value[:-1] + chance.choice([each for each in "0123456789" if each != value[-1]]),
    "seal": lambda value, chance: value[:-1] + chance.choice([each for each in "0123456789" if each != value[-1]]),
    "key_id": lambda value, _: SEAL.key_id if value != SEAL.key_id else OLD.key_id,
    "format": lambda value, _: 3 - value,
}


def chain() -> list[Entry]:
    """A register with entries of both formats and of two keys."""
    made: list[Entry] = []
    for number in range(1, LENGTH + 1):
        seal = OLD if number < LENGTH // 3 else SEAL
        entry = Entry(
            partnership_id=1,
            position=number,
            number=f"BPB-2026-{number:03d}" if number % 2 else None,
            kind="decision" if number % 2 else "noted",
            title=f"The matter {number}",
            subject="agr_k3v9aaaaaaaaaaaa",
            detail={"why": f"because {number}", "tally": {"consent": number}},
            actor="mem_aaaaaaaaaaaaaaaa (Council)",
            at=datetime.datetime(2026, 1, number, tzinfo=datetime.UTC),
            previous=made[-1].seal if made else FIRST,
            key_id=seal.key_id,
            format=1 if number < LENGTH // 2 else 2,
        )
        entry.seal = seal.of(entry)
        made.append(entry)
    return made


def copied(entry: Entry) -> Entry:
    """Another entry with the same in it."""
    return Entry(**{name: copy.deepcopy(getattr(entry, name)) for name in FIELDS})


def edit(whole: Sequence[Entry], chance: random.Random) -> list[Entry]:
    """One field of one entry is another."""
    place, field = chance.randrange(len(whole)), chance.choice(list(FIELDS))
    altered = copied(whole[place])
    setattr(altered, field, FIELDS[field](getattr(altered, field), chance))
    return [*whole[:place], altered, *whole[place + 1 :]]


def delete(whole: Sequence[Entry], chance: random.Random) -> list[Entry]:
    """One entry is gone, and the others may have closed ranks."""
    place = chance.randrange(len(whole) - 1)
    left = [*whole[:place], *map(copied, whole[place + 1 :])]
    if chance.random() < 0.5:
        for position, entry in enumerate(left, start=1):
            if position > place:
                entry.position = position
    return left


def reorder(whole: Sequence[Entry], chance: random.Random) -> list[Entry]:
    """Two have changed places."""
    one, other = sorted(chance.sample(range(len(whole)), 2))
    made = [copied(each) for each in whole]
    made[one], made[other] = made[other], made[one]
    if chance.random() < 0.5:
        for position, entry in enumerate(made, start=1):
            entry.position = position
    return made


def insert(whole: Sequence[Entry], chance: random.Random) -> list[Entry]:
    """One more, copied from another or sealed with a key that is not ours."""
    place = chance.randrange(len(whole) + 1)
    more = copied(chance.choice(whole))
    if chance.random() < 0.5:
        more.position = place + 1
        more.previous = whole[place - 1].seal if place else FIRST
        more.seal = Seal(["a thief's key"]).of(more) or Seal(["a thief's key"]).of(_claimed(more))
    return [*whole[:place], more, *whole[place:]]


def _claimed(entry: Entry) -> Entry:
    thief = Seal(["a thief's key"])
    entry.key_id = thief.key_id
    return entry


def truncate(whole: Sequence[Entry], chance: random.Random) -> list[Entry]:
    """The end is cut off: whole by itself, but not what was posted in the rooms."""
    return list(whole[: chance.randrange(len(whole))])


@pytest.mark.parametrize("tries", [1_000, pytest.param(10_000, marks=pytest.mark.faults)])
def test_whatever_is_done_to_a_register_is_found(report: Callable[[str], None], tries: int) -> None:
    whole, chance = chain(), random.Random(tries)
    posted = [entry.seal[:16] for entry in whole[-2:]]  # what the rooms were shown with the last outcomes
    assert flaws(whole, SEAL) == [] and unwitnessed(whole, posted) == []
    found: Counter[str] = Counter()
    for _ in range(tries):
        deed = chance.choice((edit, delete, reorder, insert, truncate))
        made = deed(whole, chance)
        told = [*flaws(made, SEAL), *unwitnessed(made, posted)]
        assert told, (deed.__name__, [each.position for each in made])
        found[deed.__name__] += 1
    said = ", ".join(f"{count} x {name}" for name, count in sorted(found.items()))
    report(f"{found.total()} of {tries} found: {said}")
