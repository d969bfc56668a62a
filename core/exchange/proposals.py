"""Agreements as the partnership file tells them, checked against its organisations, themes and members."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from core.agreements.opening import Draft, check_draft
from core.agreements.quorum import Quorum, parse_quorum
from core.agreements.rules import Base, Rule
from core.commands import VOICES
from core.errors import Refused
from core.exchange.entries import Entry, distinct
from core.exchange.shapes import AgreementPart, MemberPart, OrganisationPart, same
from core.texts import quoted
from core.times import at_wall, say_date
from core.timewords import WORKING_DAY_ENDS

FRONT = ("report_of", "date", "summary", "input_requested", "contact", "implications", "recommendations")
_LONG_BEFORE = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_YEARS = range(1970, 2101)


@dataclass(frozen=True, slots=True)
class Known:
    """What an agreement may refer to; organisations and themes by `same`."""

    zone: ZoneInfo
    unit: str
    organisations: Mapping[str, OrganisationPart]
    themes: Mapping[str, str]
    members: Sequence[MemberPart]

    def voting(self) -> dict[str, str]:
        """Names of the organisations that have a vote."""
        return {key: each.name for key, each in self.organisations.items() if each.voting}

    def sectors(self) -> dict[str, str]:
        """The sectors of which somebody has a vote."""
        return {same(each.sector): each.sector for each in self.organisations.values() if each.voting and each.sector}

    def voters(self) -> int:
        """How many would have a vote."""
        voting = self.voting()
        if self.unit == "organisation":
            return len(voting)
        return sum(each.role in VOICES and same(each.organisation) in voting for each in self.members)


def read_agreements(whole: Entry, known: Known) -> tuple[AgreementPart, ...]:
    """All `[[agreements]]`. Raises Mistake."""
    entries = whole.each("agreements", "an agreement")
    found = [_agreement(entry, known) for entry in entries]
    distinct((entry, "title", each.title) for entry, each in zip(entries, found, strict=True))
    return tuple(found)


def _agreement(entry: Entry, known: Known) -> AgreementPart:
    entry.only(
        "title", "text", "rule", "base", "quorum", "must_take_part", "sectors", "closes", "hidden", "effect",
        "effect_detail", "review", "decider", "proposer", "front", "themes",
    )  # fmt: skip
    quorum, organisations, sectors = _quorum(entry, known)
    part = AgreementPart(
        line=entry.line,
        lines={key: entry.line_of(key) for key in ("closes", "decider", "base", "effect_detail")},
        title=entry.line_text("title", 300, needed=True),
        text=entry.long_text("text"),
        rule=Rule(entry.choice("rule", list(Rule), Rule.CONSENT)),
        base=Base(entry.choice("base", list(Base), Base.CAST)),
        quorum_number=quorum.number,
        quorum_share=quorum.share,
        organisations=organisations,
        sectors=sectors,
        closes_at=moment_of(entry, "closes", known.zone),
        hidden=entry.choice("hidden", ("no", "until voted", "until closed"), "no"),
        effect=entry.choice("effect", ("binding", "ratify", "approval"), "binding"),
        effect_detail=entry.line_text("effect_detail", 300),
        review_on=_review(entry),
        decider=person_of(entry, "decider", known.members),
        proposer=person_of(entry, "proposer", known.members),
        front=_front(entry),
        themes=entry.all_named("themes", known.themes, "a theme"),
    )
    _check(entry, part)
    return part


def _check(entry: Entry, part: AgreementPart) -> None:
    """What never could be closed properly, apart from the time, which only the import knows."""
    draft = Draft(
        title=part.title,
        closes_at=part.closes_at,
        rule=part.rule,
        base=part.base,
        decider_id=part.decider,
        effect=part.effect,
        effect_detail=part.effect_detail,
    )
    try:
        check_draft(draft, _LONG_BEFORE)
    except Refused as refusal:
        raise entry.wrong(next(iter(refusal.problems), "title"), refusal.sentence) from None


def _quorum(entry: Entry, known: Known) -> tuple[Quorum, tuple[str, ...], tuple[str, ...]]:
    """The quorum, and the organisations and sectors that must take part; these may stand in its table or beside."""
    voting, sectors = known.voting(), known.sectors()
    organisations = entry.all_named("must_take_part", voting, "an organisation with a vote")
    named_sectors = entry.all_named("sectors", sectors, "the sector of an organisation with a vote")
    if isinstance(entry.values.get("quorum"), dict):
        table = entry.inner("quorum", "a quorum")
        assert table is not None  # noqa: S101 - it was looked at just now
        table.only("number", "share", "organisations", "sectors")
        if "number" in table.values and "share" in table.values:
            raise table.wrong("share", "a quorum is either a number or a share; take one of them out.")
        organisations += table.all_named("organisations", voting, "an organisation with a vote")
        named_sectors += table.all_named("sectors", sectors, "the sector of an organisation with a vote")
        quorum = _amount(table, "number") if "number" in table.values else _amount(table, "share")
    else:
        quorum = _amount(entry, "quorum")
    if quorum.number is not None and quorum.number > known.voters():
        raise entry.wrong(
            "quorum", f"a quorum of {quorum.number} can't be reached with {known.voters()} voters; write a smaller one."
        )
    return quorum, tuple(dict.fromkeys(organisations)), tuple(dict.fromkeys(named_sectors))


def _amount(entry: Entry, key: str) -> Quorum:
    given: Any = entry.values.get(key, "")
    if isinstance(given, float) and 0 < given <= 1:
        return Quorum(share=given)
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise entry.wrong(key, "a quorum is a number or a share of the voters, such as 5, 0.5, “50%” or “half”.")
    try:
        return parse_quorum(str(given))
    except Refused as refusal:
        raise entry.wrong(key, refusal.sentence) from None


def moment_of(entry: Entry, key: str, zone: ZoneInfo, at: datetime.time | None = WORKING_DAY_ENDS) -> datetime.datetime:
    """A date and time on the board's clocks, as text or as TOML's own; a day alone means `at` on it, if there is one.

    Raises Mistake, for a missing one too.
    """
    given: Any = entry.values.get(key)
    if given is None:
        raise entry.wrong(key, f'{entry.noun} needs its date and time; write {key} = "2026-12-04T17:00" or such.')
    moment = given
    if isinstance(given, str):
        moment = _iso(given)
    if isinstance(moment, datetime.date) and not isinstance(moment, datetime.datetime) and at is not None:
        moment = datetime.datetime.combine(moment, at)
    if not isinstance(moment, datetime.datetime) or moment.year not in _YEARS:
        raise entry.wrong(key, f'{quoted(str(given))} is not a date and time; write it as "2026-12-04T17:00".')
    return moment.astimezone(datetime.UTC) if moment.tzinfo else at_wall(moment, zone)


def _iso(text: str) -> datetime.datetime | datetime.date | None:
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        pass
    try:
        return datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _review(entry: Entry) -> datetime.date | None:
    return day_of(entry, "review") if "review" in entry.values else None


def day_of(entry: Entry, key: str, *, needed: bool = False) -> datetime.date:
    """A day, written as TOML's own date or as text. Raises Mistake."""
    given: Any = entry.values.get(key)
    if given is None and needed:
        raise entry.wrong(key, f"{entry.noun} needs {key}; write {key} = 2027-06-30 or such.")
    day = _iso(given) if isinstance(given, str) else given
    if isinstance(day, datetime.datetime):
        day = day.date()
    if not isinstance(day, datetime.date) or day.year not in _YEARS:
        raise entry.wrong(key, f'{quoted(str(given))} is not a date; write it as "2027-06-30".')
    return day


def person_of(entry: Entry, key: str, members: Sequence[MemberPart]) -> int | None:
    """The place of the member whom this email or name means."""
    text = entry.line_text(key, 254)
    return _meant(entry, key, text, members) if text else None


def people_of(entry: Entry, key: str, members: Sequence[MemberPart]) -> tuple[int, ...]:
    """The places of the members whom these emails or names mean, each once."""
    texts = entry.strings(key, 254)
    return tuple(dict.fromkeys(_meant(entry, key, text, members, place) for place, text in enumerate(texts)))


def _meant(entry: Entry, key: str, text: str, members: Sequence[MemberPart], *more: int) -> int:
    wanted = same(text)
    found = [place for place, each in enumerate(members) if wanted == same(each.email)]
    found = found or [place for place, each in enumerate(members) if wanted == same(each.name)]
    if not found:
        sentence = f"{quoted(text, 80)} is not a member of this file; write a member's email or name."
        raise entry.wrong(key, sentence, *more)
    if len(found) > 1:
        sentence = f"{len(found)} members are called {quoted(text, 80)}; write the email of the one meant."
        raise entry.wrong(key, sentence, *more)
    return found[0]


def _front(entry: Entry) -> dict[str, str]:
    table = entry.inner("front", "a front sheet")
    if table is None:
        return {}
    table.only(*FRONT)
    found = {}
    for key in FRONT:
        given = table.values.get(key)
        if isinstance(given, datetime.date):  # of a date and time, the date
            found[key] = say_date(given)
        elif isinstance(given, list):
            found[key] = "\n".join(table.strings(key))
        elif text := table.long_text(key):
            found[key] = text
    return found
