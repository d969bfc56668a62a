"""The agreements of a partnership file into the database: as drafts, until somebody opens the vote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from core.agreements import queries
from core.agreements.models import Agreement, AgreementTheme, Wording
from core.agreements.opening import Draft, check_draft, open_voting, write_draft
from core.errors import Refused
from core.exchange.rows import Writing, differing
from core.exchange.shapes import AgreementPart, Mistake, same
from core.outbox import changed
from core.partners.models import Partnership
from core.register.actions import OPERATOR


@dataclass(frozen=True, slots=True)
class Keys:
    """What the parts of the file are in the database: organisations and themes by `same`, members by their place."""

    organisations: Mapping[str, int]
    themes: Mapping[str, int]
    members: Sequence[int]


async def write_agreements(
    writing: Writing, partnership: Partnership, parts: Sequence[AgreementPart], keys: Keys
) -> list[tuple[AgreementPart, Agreement]]:
    """Write the agreements; those that are drafts now. One that was ever opened, or withdrawn, is left alone.

    Raises Mistake at the field that is wrong, such as a closing time that has passed.
    """
    rows = await writing.session.execute(
        select(Agreement.title, Agreement.ref, Agreement.state)
        .where(Agreement.partnership_id == writing.board)
        .order_by(Agreement.state == "draft", Agreement.id)  # of several with one title, a draft comes to stand last
    )
    known = {same(title): (ref, state) for title, ref, state in rows.tuples()}
    drafts = []
    for part in parts:
        draft, proposer = _draft(part, keys)
        ref, state = known.get(same(part.title), ("", ""))
        try:
            if not ref:
                agreement = await write_draft(writing.session, writing.board, draft, proposer, writing.now)
                writing.added["agreements"] += 1
            elif state == "draft":
                agreement = await queries.find(writing.session, writing.board, ref, to_change=True)
                await _rewrite(writing, agreement, draft, {"proposer_id": proposer, "unit": partnership.voting_unit})
            else:
                continue
        except Refused as refusal:
            raise _located(part, refusal) from None
        drafts.append((part, agreement))
    return drafts


async def open_agreements(writing: Writing, drafts: Sequence[tuple[AgreementPart, Agreement]]) -> int:
    """Open the vote on these; how many there were. Raises Mistake."""
    for part, agreement in drafts:
        try:
            await open_voting(writing.session, agreement, OPERATOR, writing.now)
        except Refused as refusal:
            raise _located(part, refusal) from None
    return len(drafts)


def _located(part: AgreementPart, refusal: Refused) -> Mistake:
    field = next(iter(refusal.problems), "")
    return Mistake(part.lines.get(field, part.line), refusal.sentence)


def _draft(part: AgreementPart, keys: Keys) -> tuple[Draft, int | None]:
    """The draft that the file describes, and its proposer."""
    draft = Draft(
        title=part.title,
        text=part.text,
        closes_at=part.closes_at,
        rule=part.rule,
        base=part.base,
        quorum_number=part.quorum_number,
        quorum_share=part.quorum_share,
        required_organisations=[keys.organisations[same(name)] for name in part.organisations],
        required_sectors=list(part.sectors),
        hidden=part.hidden,
        effect=part.effect,
        effect_detail=part.effect_detail,
        review_on=part.review_on,
        decider_id=keys.members[part.decider] if part.decider is not None else None,
        theme_ids=[keys.themes[same(name)] for name in part.themes],
        front=dict(part.front),
    )
    return draft, keys.members[part.proposer] if part.proposer is not None else None


async def _rewrite(writing: Writing, agreement: Agreement, draft: Draft, more: Mapping[str, Any]) -> None:
    """Bring a draft to what the file says now. Raises Refused when it could not be closed properly any more."""
    values: dict[str, Any] = {
        "title": draft.title,
        "text": draft.text,
        "closes_at": draft.closes_at,
        "rule": draft.rule.value,
        "base": draft.base.value,
        "quorum_number": draft.quorum_number,
        "quorum_share": draft.quorum_share,
        "required_organisations": draft.required_organisations,
        "required_sectors": draft.required_sectors,
        "hidden": draft.hidden,
        "effect": draft.effect,
        "effect_detail": draft.effect_detail,
        "review_on": draft.review_on,
        "decider_id": draft.decider_id,
        "front": draft.front,
        **more,
    }
    before = set(await queries.theme_keys(writing.session, agreement))
    if not differing(agreement, values) and before == set(draft.theme_ids):
        return
    check_draft(draft, writing.now)
    if not writing.update("agreements", agreement, values):
        writing.changed["agreements"] += 1
    await writing.session.execute(
        update(Wording)
        .where(Wording.agreement_id == agreement.id, Wording.round == agreement.round)
        .values(text=draft.text)
    )
    await _replace_themes(writing, agreement, before, set(draft.theme_ids))
    await changed(writing.session, agreement.ref)


async def _replace_themes(writing: Writing, agreement: Agreement, before: set[int], after: set[int]) -> None:
    await writing.session.execute(
        delete(AgreementTheme).where(
            AgreementTheme.agreement_id == agreement.id, AgreementTheme.theme_id.in_(before - after)
        )
    )
    for theme in sorted(after - before):
        writing.session.add(AgreementTheme(partnership_id=writing.board, agreement_id=agreement.id, theme_id=theme))
    await writing.session.flush()
