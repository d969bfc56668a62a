"""A board in plain Python: what each deed must do to an agreement, told a second time and without a database."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from core.agreements.rules import OBJECTIONS, POSITIONS, THRESHOLDS, Base, Position, Rule, Standing, Terms
from core.commands import STEERING, VOICES, Role
from tests.core.agreements.oracle import opinion

QUORUMS: dict[str, tuple[int | None, Fraction | None]] = {
    "": (None, None),
    "2": (2, None),
    "4": (4, None),
    "half": (None, Fraction(1, 2)),
    "2/3": (None, Fraction(2, 3)),
    "all": (None, Fraction(1)),
}


@dataclass
class Body:
    """Someone who may act: a member, who may not have come yet or have left again."""

    name: str
    organisation: str
    role: Role
    here: bool = True


@dataclass
class Voter:
    """Where one voter stands."""

    name: str
    sector: str
    required: bool
    position: Position | None = None
    by_representative: bool = False
    recused_by: str = ""

    def clear(self) -> None:
        """No answer."""
        self.position, self.by_representative = None, False


@dataclass
class Proposal:
    """One agreement. `objections`: voter and state, oldest first. `log`: the kinds of its entries in the register."""

    proposer: str
    rule: Rule
    base: Base
    closes: datetime.datetime
    ref: str = ""
    text: str = ""
    quorum: str = ""
    must: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    effect: str = "binding"
    decider: str = ""
    state: str = "draft"
    round: int = 1
    result: str | None = None
    confirmed: bool | None = None
    voters: dict[str, Voter] = field(default_factory=dict)
    objections: list[list[str]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    @property
    def binds(self) -> bool:
        """Whether it is agreed and in force."""
        return self.result == "passed" and (self.effect == "binding" or self.confirmed is True)

    def settle(self, voters: Iterable[str], before: str, after: str) -> None:
        """The objections of these voters go from one state to another."""
        for objection in self.objections:
            if objection[0] in voters and objection[1] == before:
                objection[1] = after


@dataclass
class Books:
    """The board. Each deed tells whether it is allowed, and if it is, changes what stands here."""

    unit: str
    people: dict[str, Body]
    sectors: dict[str, str]  # of the voting organisations
    now: datetime.datetime
    proposals: list[Proposal] = field(default_factory=list)

    def _may(self, who: str, roles: Iterable[Role] = Role) -> bool:
        body = self.people[who]
        return body.here and body.role in roles

    def _voter(self, who: str, it: Proposal) -> Voter | None:
        body = self.people[who]
        if not self._may(who, VOICES):
            return None
        return it.voters.get(body.organisation if self.unit == "organisation" else body.name)

    def _voting(self, it: Proposal) -> bool:
        return it.state == "open" and self.now < it.closes

    def _steers(self, who: str, it: Proposal) -> bool:
        return self._may(who, STEERING) or (self._may(who, VOICES) and it.proposer == who)

    def propose(self, it: Proposal, detail: str) -> bool:
        """Put it to the partners; what the chair or the coordinator proposes is open at once."""
        if not self._may(it.proposer, VOICES | {Role.COORDINATOR}) or it.closes <= self.now:
            return False
        if it.base is Base.ENTITLED and it.rule not in THRESHOLDS:
            return False
        if (it.rule is Rule.ADVICE) != bool(it.decider) or (it.effect != "binding" and not detail):
            return False
        self.proposals.append(it)
        if self._may(it.proposer, STEERING):
            self._open(it)
        return True

    def open(self, who: str, it: Proposal) -> bool:
        """Open a partner's proposal."""
        if not self._may(who, STEERING) or it.state != "draft" or it.closes <= self.now:
            return False
        self._open(it)
        return True

    def _open(self, it: Proposal) -> None:
        it.state = "open"
        it.log.append("opened")
        represented = {body.organisation for body in self.people.values() if body.here and _represents(body)}
        for body in self.people.values():
            sector = self.sectors.get(body.organisation)
            if sector is None or not body.here:
                continue
            must = body.organisation in it.must
            if self.unit == "organisation":
                it.voters[body.organisation] = Voter(body.organisation, sector, must)
            elif body.role in VOICES:
                speaks = _represents(body) or body.organisation not in represented  # then its first voice must
                it.voters[body.name] = Voter(body.name, sector, must and speaks)
                represented.add(body.organisation)

    def cast(self, who: str, it: Proposal, word: str, reason: str) -> bool:
        """Answer for one's organisation."""
        voter = self._voter(who, it)
        if voter is None or not self._voting(it) or voter.recused_by:
            return False
        if word not in [position.value for position in POSITIONS[it.rule]]:
            return False
        position, representative = Position(word), self.people[who].role is Role.REPRESENTATIVE
        if position in OBJECTIONS and not reason:
            return False
        if voter.by_representative and not representative:
            return True  # on record, but the representative's stands
        voter.position, voter.by_representative = position, representative
        if position not in OBJECTIONS:
            it.settle([voter.name], "raised", "withdrawn")
        elif [voter.name, "raised"] not in it.objections:
            it.objections.append([voter.name, "raised"])
        return True

    def take_back(self, who: str, it: Proposal) -> bool:
        """Leave it unanswered again."""
        voter = self._voter(who, it)
        if voter is None or not self._voting(it) or voter.position is None:
            return False
        if voter.by_representative and self.people[who].role is not Role.REPRESENTATIVE:
            return False
        voter.clear()
        it.settle([voter.name], "raised", "withdrawn")
        return True

    def declare_interest(self, who: str, it: Proposal) -> bool:
        """Be recused."""
        voter = self._voter(who, it)
        if voter is None or not self._voting(it) or voter.recused_by:
            return False
        voter.clear()
        voter.recused_by = who
        it.settle([voter.name], "raised", "withdrawn")
        it.log.append("interest")
        return True

    def withdraw_interest(self, who: str, it: Proposal) -> bool:
        """Take part after all."""
        voter = self._voter(who, it)
        if voter is None or not self._voting(it) or not voter.recused_by:
            return False
        if voter.recused_by != who and self.people[who].role is not Role.REPRESENTATIVE:
            return False
        voter.recused_by = ""
        it.log.append("interest withdrawn")
        return True

    def amend(self, who: str, it: Proposal, text: str, closes: datetime.datetime | None) -> bool:
        """Put other words, and ask everyone again."""
        if not self._steers(who, it) or not self._voting(it) or text == it.text:
            return False
        if closes is not None and closes <= self.now:
            return False
        it.text, it.round, it.closes = text, it.round + 1, closes or it.closes
        it.settle(it.voters, "raised", "addressed")
        for voter in it.voters.values():
            voter.clear()
        it.log.append("amended")
        return True

    def extend(self, who: str, it: Proposal, closes: datetime.datetime) -> bool:
        """Move the deadline."""
        if not self._steers(who, it) or closes <= self.now or not (it.state == "draft" or self._voting(it)):
            return False
        it.closes = closes
        it.log.append("deadline moved")
        return True

    def close(self, who: str, it: Proposal, why: str) -> bool:
        """Close early."""
        if not self._may(who, {Role.CHAIR}) or it.state != "open" or not why:
            return False
        self._close(it)
        return True

    def tick(self) -> None:
        """What is due closes by itself."""
        for it in self.proposals:
            if it.state == "open" and it.closes <= self.now:
                self._close(it)

    def _close(self, it: Proposal) -> None:
        number, share = QUORUMS[it.quorum]
        terms = Terms(it.rule, it.base, number, None, it.sectors, self.unit)
        voters = [Standing(v.name, v.sector, v.position, bool(v.recused_by), v.required) for v in it.voters.values()]
        judged = opinion(terms, voters, share)
        asked = bool(it.quorum or it.must or it.sectors)
        if it.rule is Rule.ADVICE and (judged.quorate or not asked):
            it.state = "deciding"
            it.log.append("advice closed")
        else:
            self._conclude(it, judged.result)

    def _conclude(self, it: Proposal, result: str) -> None:
        it.state, it.result, it.confirmed = "closed", result, None
        it.settle(it.voters, "raised", "stands")
        it.log.append("decision")

    def decide(self, who: str, it: Proposal, yes: bool) -> bool:
        """The named person's word."""
        if not self._may(who) or it.decider != who or it.state != "deciding":
            return False
        self._conclude(it, "passed" if yes else "not passed")
        return True

    def confirm(self, who: str, it: Proposal, yes: bool) -> bool:
        """Ratified or approved, or not."""
        waits = it.state == "closed" and it.result == "passed" and it.effect != "binding" and it.confirmed is None
        if not self._may(who, STEERING) or not waits:
            return False
        it.confirmed = yes
        it.log.append(("" if yes else "not ") + ("ratified" if it.effect == "ratify" else "approved"))
        return True

    def reopen(self, who: str, it: Proposal, closes: datetime.datetime) -> bool:
        """Ask again."""
        if not self._may(who, {Role.CHAIR}) or it.state not in ("closed", "deciding") or closes <= self.now:
            return False
        it.state, it.result, it.confirmed, it.closes = "open", None, None, closes
        it.settle(it.voters, "stands", "raised")
        it.log.append("reopened")
        return True

    def withdraw(self, who: str, it: Proposal) -> bool:
        """Off the table."""
        if not self._steers(who, it) or not (it.state in ("draft", "deciding") or self._voting(it)):
            return False
        it.state = "withdrawn"
        it.log.append("withdrawn")
        return True


def _represents(body: Body) -> bool:
    return body.role is Role.REPRESENTATIVE
