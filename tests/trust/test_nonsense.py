"""The database refuses nonsense by itself: every CHECK, NOT NULL and foreign key is tried with raw statements."""

import datetime
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Table, column, insert, null, select, update
from sqlalchemy.exc import DBAPIError

from bot.clock import ShiftingClock
from core.db import Model
from tests.databases import PostgresDatabases, SqliteFiles
from tests.trust.boards import Side, board_of, build
from tests.trust.rehearsal import Rehearsal, tables
from tests.trust.test_rights import Seeded, _seed
from tests.world import write_board

NOW = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
HELD: dict[str, Any] = {"state": "open", "opened_at": NOW, "ended_at": None, "record": "", "cancelled_why": ""}
NONSENSE: dict[str, dict[str, Any]] = {
    "ck_action_needs_not_itself": {"needs_id": column("action_id")},
    "ck_actions_accepted_has_owner": {"accepted_at": NOW, "owner_id": None},
    "ck_actions_begun_is_accepted": {"state": "in progress", "accepted_at": None},
    "ck_actions_blocked_has_reason": {"state": "blocked", "blocked_why": "", "accepted_at": NOW},
    "ck_actions_closed": {"state": "open", "closed_on": NOW.date()},
    "ck_actions_done_has_outcome": {"state": "done", "outcome": "", "closed_on": NOW.date(), "accepted_at": NOW},
    "ck_actions_offered_to_another": {"offered_to_id": column("owner_id")},
    "ck_agenda_entries_minutes": {"minutes": -1},
    "ck_agenda_entries_position": {"position": 0},
    "ck_attendances_reply": {"reply": "?", "substitute": "", "substitute_id": None},
    "ck_attendances_substitute": {"reply": "yes", "substitute": "A name", "substitute_id": None},
    "ck_attendances_substitute_named": {"reply": "yes", "substitute": "", "substitute_id": column("member_id")},
    "ck_entry_interests_nature": {"nature": ""},
    "ck_meeting_series_minute": {"minute": 1440},
    "ck_meeting_series_minutes": {"minutes": 4},
    "ck_meeting_series_rule": {"rule": ""},
    "ck_meetings_cancelled_has_reason": {**HELD, "state": "cancelled"},
    "ck_meetings_ended": {**HELD, "ended_at": NOW},
    "ck_meetings_minutes": {"minutes": 4},
    "ck_meetings_opened": {**HELD, "opened_at": None},
    "ck_meetings_record": {**HELD, "state": "ended", "ended_at": NOW, "record": "?"},
    "ck_meetings_record_of_ended": {**HELD, "record": "draft"},
    "ck_meetings_sequence": {"sequence": -1},
    "ck_meetings_state": {**HELD, "state": "?"},
    "ck_minute_corrections_answer": {"state": "not made", "answer": ""},
    "ck_minute_corrections_text": {"text": ""},
    "ck_minute_sections_position": {"position": 0},
    "ck_papers_in_has_text": {"state": "in", "body": "", "link": ""},
    "ck_papers_state": {"state": "?", "body": "A text"},
    "ck_session_notes_about": {"kind": "poll", "number": "", "about": ""},
    "ck_session_notes_decision_is_numbered": {"kind": "decision", "number": ""},
    "ck_session_notes_kind": {"kind": "?", "number": ""},
    "ck_session_notes_text": {"text": ""},
    "ck_covers_some_time": {"ends_at": column("starts_at")},
    "ck_foundings_claimed_by_someone": {"claimed_at": NOW, "account": None},
    "ck_foundings_founded_by_someone": {"claimed_at": None, "account": None},
    "ck_installations_ended_without_token": {"state": "removed", "token": "t"},
    "ck_items_became": {"state": "action", "became": "", "triaged_at": NOW},
    "ck_items_parked_until": {"state": "parked", "parked_until": None, "triaged_at": NOW},
    "ck_items_state": {"state": "?", "triaged_at": NOW},
    "ck_items_triaged": {"state": "raised", "triaged_at": NOW},
    "ck_poll_counts_votes": {"votes": -1},
    "ck_poll_questions_most": {"most": -1},
    "ck_poll_rankings_votes": {"votes": -1},
    "ck_poll_voters_secret": {"ballot": null()},
    "ck_poll_voters_unsaid": {"said_by": "A name", "anonymous": True, "ballot": null()},
    "ck_poll_words_secret": {"anonymous": True, "voter_id": 1},
    "ck_polls_closed": {"state": "open", "closed_at": NOW},
    "ck_polls_closes_after": {"closes_after": 0},
    "ck_polls_counts": {"voters": -1},
    "ck_polls_repeats": {"repeats": "?", "series": "s"},
    "ck_polls_scheduled": {"state": "scheduled", "opens_at": None},
    "ck_polls_series": {"repeats": "weekly", "series": None},
    "ck_polls_which_group": {"who": "group", "group_id": None},
    "ck_polls_whose": {"who": "organisation", "organisation_id": None},
    "ck_priorities_rested_from": {"stage": "paused", "rested_from": None},
    "ck_priorities_score": {"score": 6, "scoring": False},
    "ck_priorities_scored_when_closed": {"score": 3, "scoring": True},
    "ck_priority_steps_why": {"kind": "back", "why": ""},
    "ck_agreements_advice_has_decider": {"rule": "advice", "decider_id": None},
    "ck_agreements_closed_has_result": {"state": "closed", "opened_at": NOW, "result": None},
    "ck_agreements_one_quorum": {"quorum_number": 1, "quorum_share": 0.5},
    "ck_agreements_opened": {"state": "open", "opened_at": None, "result": None},
    "ck_agreements_quorum_number": {"quorum_number": 0, "quorum_share": None},
    "ck_agreements_quorum_share": {"quorum_share": 1.5, "quorum_number": None},
    "ck_agreements_result": {"state": "closed", "opened_at": NOW, "result": "?"},
    "ck_agreements_state": {"state": "?", "opened_at": NOW},
    "ck_digest_rhythms_minute": {"minute": 1440},
    "ck_digest_rhythms_weekday": {"weekday": 6},
    "ck_electors_position_has_stance": {"position": "agree", "stance_id": None, "recused_at": None},
    "ck_electors_recused_has_no_position": {"position": "agree", "stance_id": 1, "recused_at": NOW},
    "ck_keepings_days": {"days": 0},
    "ck_keepings_left_days": {"left_days": 0},
    "ck_objections_reason": {"reason": ""},
    "ck_outgoing_claimed_by_someone": {"state": "claimed", "owner": None},
    "ck_outgoing_one_address": {"room_id": None, "member_id": None},
    "ck_register_decisions_are_numbered": {"kind": "decision", "number": None},
    "ck_register_format": {"format": 3},
    "ck_register_position": {"position": 0},
    "ck_reminder_preferences_quiet_from": {"quiet_from": -1},
    "ck_reminder_preferences_quiet_to": {"quiet_to": 1440},
    "ck_stances_objection_has_reason": {"position": "block", "reason": ""},
}
"""What each CHECK has to refuse; those that list words are given another word."""


@pytest.fixture
def database(databases: SqliteFiles | PostgresDatabases) -> str:
    return databases.migrated()


@pytest.fixture
async def filled(database: str) -> AsyncIterator[tuple[Rehearsal, Side, int]]:
    """A board with a row in every table, and the key of another board."""
    clock = ShiftingClock()
    async with Rehearsal(database).open() as rehearsal:
        side = await build(rehearsal, clock, "Our", "OUR")
        await rehearsal.write(lambda session: _seed(session, Seeded(rehearsal, clock, side, side.people["r"])))
        other = await rehearsal.write(lambda session: write_board(session, board_of("Other", "OTH"), clock))
        rows: dict[str, dict[str, Any]] = {
            "digests": {"day": NOW.date(), "due_at": NOW, "created_at": NOW},
            "digest_rhythms": {"minute": 540, "holidays": "ENG"},
            "keepings": {"days": 90},
            "knocks": {"tenant": "t", "first_at": NOW, "last_at": NOW},
            "practices": {},
            "installations": {"tool": "slack", "workspace": "T", "rooms": [], "installed_at": NOW},
            "pauses": {"lane": "slack:T", "who": "operator", "since": NOW, "probe_at": NOW, "reason": ""},
            "deliveries": {"key": "k", "at": NOW},
        }
        for name, row in rows.items():
            table = Model.metadata.tables[name]
            board = {"partnership_id": side.board} if "partnership_id" in table.c else {}
            await rehearsal.connection.execute(insert(table).values(**row, **board))
        agreement, theme = [
            (await rehearsal.connection.execute(select(Model.metadata.tables[name].c.id).limit(1))).scalar_one()
            for name in ("agreements", "themes")
        ]
        first, second = (
            await rehearsal.connection.execute(select(Model.metadata.tables["actions"].c.id).limit(2))
        ).scalars()
        needs = {"partnership_id": side.board, "action_id": first, "needs_id": second}
        await rehearsal.connection.execute(insert(Model.metadata.tables["action_needs"]).values(needs))
        link = {"partnership_id": side.board, "agreement_id": agreement, "theme_id": theme}
        await rehearsal.connection.execute(insert(Model.metadata.tables["agreement_themes"]).values(link))
        yield rehearsal, side, other


async def refused(rehearsal: Rehearsal, table: Table, values: dict[str, Any], only: Any = None) -> str:
    """What the database says to this update of one row (or of all); empty if it takes it."""
    key = list(table.primary_key.columns)
    query = select(*key).limit(1) if only is None else select(*key).where(only).limit(1)
    row = (await rehearsal.connection.execute(query)).first()
    assert row is not None, f"{table.name} has no row to try this on"
    where = [column == value for column, value in zip(key, row, strict=True)]
    try:
        async with rehearsal.connection.begin_nested():
            await rehearsal.connection.execute(update(table).where(*where).values(values))
    except DBAPIError as error:
        return str(error.orig)
    return ""


async def test_every_check_refuses(filled: tuple[Rehearsal, Side, int], report: Callable[[str], None]) -> None:
    rehearsal, side, other = filled
    counts: Counter[str] = Counter()
    taken = []
    for table in tables():
        ours = table.c.partnership_id == side.board if "partnership_id" in table.c else None
        for check in [each for each in table.constraints if isinstance(each, CheckConstraint)]:
            name = str(check.name)
            values = NONSENSE.get(name) or _another_word(check)
            said = await refused(rehearsal, table, values, ours)
            counts["CHECKs"] += 1
            if name not in said:
                taken.append(f"{name} {values}: {said!r}")
        for each in table.c:
            if not each.nullable and not each.primary_key:
                counts["NOT NULLs"] += 1
                if not await refused(rehearsal, table, {each.name: null()}, ours):
                    taken.append(f"{table.name}.{each.name} took nothing")
        for constraint in table.foreign_key_constraints:
            target = constraint.referred_table
            inner = [each for each in constraint.columns if each.name != "partnership_id"]
            counts["foreign keys"] += 1
            if inner:
                foreign = select(target.c.id).where(target.c.partnership_id == other).limit(1)
                key = (await rehearsal.connection.execute(foreign)).scalar_one_or_none() or 987_654
                told = await refused(rehearsal, table, {inner[0].name: key}, ours)
            else:
                told = await refused(rehearsal, table, {"partnership_id": 987_654}, ours)
            if not told:
                taken.append(f"{table.name} took another board's {target.name}")
    assert not taken, "\n".join(taken)
    said = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    report(f"{rehearsal.engine.dialect.name}: {counts.total()} invalid statements refused ({said})")


def _another_word(check: CheckConstraint) -> dict[str, Any]:
    column, _, _ = str(check.sqltext).partition(" IN (")
    assert _, f"{check.name} is not in NONSENSE"
    return {column.strip(): "?"}
