"""What a week's digest tells of agreements: open votes, and what should have happened by now."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from core.agreements.cards import EFFECT_WORDS
from core.agreements.models import Agreement, Elector
from core.agreements.views import ListAgreements
from core.cards import Bold, Button, Line
from core.commands import Sight
from core.concerns import News
from core.partners.models import Member
from core.texts import some
from core.times import say_date, say_moment

NAMED = 6  # silent voters that are named; more are counted


async def news(sight: Sight, zone: ZoneInfo, start: datetime.datetime, end: datetime.datetime) -> News:
    """Open votes and proposals not yet opened; decisions, ratifications and reviews that are awaited."""
    last_day = end.astimezone(zone).date()
    found = await sight.session.execute(
        select(Agreement, Member.name)
        .outerjoin(Member, Member.id == Agreement.decider_id)
        .where(
            Agreement.partnership_id == sight.board,
            or_(
                Agreement.state.in_(("draft", "open", "deciding")),
                (Agreement.result == "passed") & (Agreement.effect != "binding") & Agreement.confirmed.is_(None),
                (Agreement.result == "passed")
                & (Agreement.review_on > start.astimezone(zone).date())
                & (Agreement.review_on <= last_day),
            ),
        )
        .order_by(Agreement.closes_at, Agreement.number)
    )
    rows = found.tuples().all()
    silent = await _silent(sight, [agreement.id for agreement, _ in rows if agreement.state == "open"])
    waits: list[Line] = []
    late: list[Line] = []
    for agreement, decider in rows:
        name, moment = Bold(agreement.title), say_moment(agreement.closes_at, zone)
        match agreement.state:
            case "open" if agreement.closes_at > sight.now:
                waits.append((name, f" — closes {moment}. {_waits_for(silent.get(agreement.id, ()))}"))
            case "draft":
                waits.append((name, " — waits to be opened by the chair or the coordinator."))
            case "deciding":
                late.append((name, f" — the advice is in since {moment}; {decider} is to decide."))
            case "closed":
                late += _after(agreement, name, last_day)
    return News(tuple(waits), tuple(late), more=Button("Agreements", ListAgreements()))


def _after(agreement: Agreement, name: Bold, today: datetime.date) -> list[Line]:
    lines: list[Line] = []
    if agreement.effect != "binding" and agreement.confirmed is None:
        lines.append(
            (name, f" — agreed, {EFFECT_WORDS[agreement.effect]} {agreement.effect_detail}; not recorded yet.")
        )
    if agreement.review_on is not None and agreement.review_on <= today:
        lines.append((name, f" — its review was set for {say_date(agreement.review_on)}."))
    return lines


async def _silent(sight: Sight, agreements: Sequence[int]) -> dict[int, list[str]]:
    silent = defaultdict[int, list[str]](list)
    if agreements:
        found = await sight.session.execute(
            select(Elector.agreement_id, Elector.name)
            .where(
                Elector.partnership_id == sight.board,
                Elector.agreement_id.in_(agreements),
                Elector.position.is_(None),
                Elector.recused_at.is_(None),
            )
            .order_by(Elector.name)
        )
        for agreement, name in found.tuples():
            silent[agreement].append(name)
    return silent


def _waits_for(names: Sequence[str]) -> str:
    if not names:
        return "Everyone has answered."
    return f"Waits for {some(names, NAMED)}."
