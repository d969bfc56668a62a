"""How an outcome is said and put on record."""

from collections.abc import Mapping, Sequence

from core.agreements.cards import units
from core.agreements.models import Agreement, Elector
from core.agreements.rules import Result, Rule, Tally, needed


def on_record(
    agreement: Agreement,
    electors: Sequence[Elector],
    count: Tally,
    why: str,
    references: tuple[Mapping[int, str], Mapping[int, str]],
) -> dict[str, object]:
    """What the register keeps of a decision: how it ended, on which text, and who stood where.

    references: of people, who stand in the register by them, see `queries.references`.
    """
    speakers, voters = references
    return {
        "result": agreement.result,
        "statement": agreement.statement,
        "rule": agreement.rule,
        "text": agreement.text,
        "effect": agreement.effect,
        "effect_detail": agreement.effect_detail,
        "review_on": agreement.review_on.isoformat() if agreement.review_on else None,
        "why": why,
        "tally": {position.value: number for position, number in count.counts.items()},
        "entitled": count.entitled,
        "took_part": count.took_part,
        "quorum": count.quorum,
        "roll": [
            {
                "voter": voters.get(elector.id, elector.name),
                "position": elector.position,
                "reason": elector.reason,
                "by": speakers.get(elector.stance_id or 0, ""),
                "receipt": elector.receipt,
                "recused": elector.recused_at is not None,
            }
            for elector in electors
        ],
    }


def say_outcome(agreement: Agreement, result: Result, count: Tally) -> str:
    """The outcome in a sentence, for when the chair has not put it in other words."""
    took_part = f"{count.took_part} of {units(count.entitled, agreement.unit)} took part"
    if result is Result.NO_QUORUM:
        return f"Not decided, for want of a quorum: {took_part}; {'; '.join(needed(agreement.terms(), count))}."
    verb = {
        Rule.CONSENT: "by consent",
        Rule.CONSENSUS: "by consensus",
        Rule.SIMPLE_MAJORITY: "by simple majority",
        Rule.TWO_THIRDS: "by a two-thirds majority",
        Rule.UNANIMOUS: "unanimously",
        Rule.ADVICE: "on advice",
    }[Rule(agreement.rule)]
    if result is Result.PASSED:
        return f"Agreed {verb}: {took_part}."
    return f"Not agreed {verb}: {took_part}; it needed this: {'; '.join(needed(agreement.terms(), count)) or 'a yes'}."
