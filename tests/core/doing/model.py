"""What may happen to items, priorities and actions, told once more in plain Python: the books of the walk."""

from dataclasses import dataclass, field

STAGES = ("proposed", "discovery", "mapping", "system action", "local action", "complete")
GATES = {
    "priorities.to_discovery": ("proposed", ("agreed",)),
    "priorities.to_mapping": ("discovery", ("evidence", "affected")),
    "priorities.to_system": ("mapping", ("who", "assets", "gaps")),
    "priorities.to_local": ("system action", ("commitments",)),
    "priorities.complete": ("local action", ("places", "leads", "outcome")),
}
STEERING = ("chair", "coordinator")
VOICES = ("chair", "representative", "deputy")
WAITING = ("raised", "parked", "agenda")


@dataclass(frozen=True)
class Body:
    """Somebody on the board."""

    name: str
    organisation: str
    role: str

    @property
    def steers(self) -> bool:
        """Whether it is the chair or the coordinator."""
        return self.role in STEERING


@dataclass
class Piped:
    """A priority. Each deed tells whether it may be, and if so does it."""

    sponsor: str
    lead: str
    stage: str = "proposed"
    rested: str | None = None
    scoring: bool = True
    scored: set[str] = field(default_factory=set)

    def score(self, who: Body, scorers: set[str]) -> bool:
        """Say what it is worth; once all organisations have, it shows."""
        good = who.role in VOICES and who.organisation in scorers and self.stage == "proposed" and self.scoring
        if good:
            self.scored.add(who.organisation)
            self.scoring = not scorers <= self.scored
        return good

    def end_scoring(self, who: Body) -> bool:
        """Let it show before."""
        good = who.steers and self.scoring and bool(self.scored)
        self.scoring = self.scoring and not good
        return good

    def open_scoring(self, who: Body) -> bool:
        """Let it be scored again; what was said before holds until it is said anew."""
        good = who.steers and self.stage == "proposed" and not self.scoring
        self.scoring = self.scoring or good
        return good

    def may(self, who: Body) -> bool:
        """Whether this body moves it."""
        if who.role == "observer":
            return False
        return who.steers or who.name == self.lead or (who.organisation == self.sponsor and who.role in VOICES)

    def on(self, who: Body, gate: str, said: frozenset[str]) -> bool:
        """Through a gate, having said these things."""
        stage, wants = GATES[gate]
        good = self.may(who) and self.stage == stage and set(wants) <= said
        if stage == "proposed":
            good = good and who.steers
        if good:
            self.stage = STAGES[STAGES.index(stage) + 1]
        return good

    def back(self, who: Body, to: str) -> bool:
        """To an earlier stage."""
        under_way = self.stage in STAGES[:-1]
        good = self.may(who) and under_way and STAGES.index(to) < STAGES.index(self.stage)
        if good:
            self.stage = to
        return good

    def pause(self, who: Body) -> bool:
        """To rest."""
        good = self.may(who) and self.stage in STAGES[:-1]
        if good:
            self.stage, self.rested = "paused", self.stage
        return good

    def drop(self, who: Body) -> bool:
        """Out of the pipeline."""
        good = who.steers and self.stage not in ("complete", "dropped")
        if good:
            self.rested = self.rested or self.stage
            self.stage = "dropped"
        return good

    def resume(self, who: Body) -> bool:
        """Up again."""
        good = self.may(who) and self.stage in ("paused", "dropped", "complete")
        good = good and (self.stage != "dropped" or who.steers)
        if good:
            self.stage, self.rested = ("local action" if self.stage == "complete" else str(self.rested)), None
        return good


@dataclass
class Grouped:
    """A task and finish group."""

    members: frozenset[str]
    ended: bool = False

    def end(self, who: Body) -> bool:
        """With what it advises."""
        good = not self.ended and who.role != "observer" and (who.steers or who.name in self.members)
        self.ended = self.ended or good
        return good


@dataclass(eq=False)
class Promised:
    """An action. repeats: another one begins when it is done. needs: those that have to be done first."""

    maker: str
    owner: str | None
    organisation: str
    accepted: bool
    offered: str | None = None
    state: str = "open"
    repeats: bool = False
    needs: list["Promised"] = field(default_factory=list)

    def waits_for(self, other: "Promised") -> bool:
        """Whether it has to wait for that one, be it by way of others."""
        return self is other or any(each.waits_for(other) for each in self.needs)

    def wait(self, who: Body, other: "Promised") -> bool:
        """Let it wait for another one, but no two for each other."""
        good = self.alive and other.alive and self.may(who) and other not in self.needs and not other.waits_for(self)
        if good:
            self.needs.append(other)
        return good

    @property
    def alive(self) -> bool:
        """Whether it is neither done nor dropped."""
        return self.state not in ("done", "dropped")

    def may(self, who: Body) -> bool:
        """Whether this body speaks for it."""
        if who.role == "observer":
            return False
        own = who.name in (self.owner, self.maker)
        return own or who.steers or (who.organisation == self.organisation and who.role in VOICES)

    def accept(self, who: Body) -> bool:
        """Say yes."""
        if not self.alive or who.role == "observer":
            return False
        if who.name == self.offered or self.owner is None:
            self.owner, self.organisation, self.offered, self.accepted = who.name, who.organisation, None, True
            return True
        good = self.owner == who.name and not self.accepted
        self.accepted = self.accepted or good
        return good

    def decline(self, who: Body) -> bool:
        """Say no."""
        if not self.alive or who.role == "observer" or who.name not in (self.offered, self.owner):
            return False
        if who.name == self.offered:
            self.offered = None
        else:
            self.owner, self.offered, self.accepted, self.state = None, None, False, "open"
        return True

    def hand_over(self, who: Body, to: Body) -> bool:
        """Ask somebody else."""
        if not self.alive or not self.may(who) or to.role == "observer" or to.name == self.owner:
            return False
        if self.owner is None or to.name == who.name:
            self.owner, self.organisation, self.offered = to.name, to.organisation, None
            self.accepted = to.name == who.name
        else:
            self.offered = to.name
        return True

    def work(self, who: Body, deed: str) -> bool:
        """Begin, report, block, go on, finish or drop."""
        if not self.alive or not self.may(who):
            return False
        if deed == "drop":
            self.state, self.offered = "dropped", None
            return True
        if deed == "unblock":
            good = self.state == "blocked"
            self.state = "in progress" if good else self.state
            return good
        if self.owner is None or (deed == "start" and self.state != "open"):
            return False
        if deed == "finish" and any(each.alive for each in self.needs):
            return False
        self.accepted = True
        if deed == "finish":
            self.state, self.offered = "done", None
        elif deed == "block":
            self.state = "blocked"
        elif deed == "start" or self.state == "open":
            self.state = "in progress"
        return True

    def reopen(self, who: Body) -> bool:
        """Take it up again."""
        good = not self.alive and self.may(who)
        self.state = "open" if good else self.state
        return good


@dataclass
class Raised:
    """An item."""

    raiser: str
    organisation: str
    secret: bool = False
    state: str = "raised"
    supports: set[str] = field(default_factory=set)

    def seen(self, who: Body) -> bool:
        """Whether this body sees it at all."""
        return not self.secret or who.role == "chair" or who.name == self.raiser

    def way(self, who: Body, to: str) -> bool:
        """A way on that needs no other item."""
        good = self.seen(who) and who.steers and self.state in WAITING and not (to == "agenda" == self.state)
        self.state = to if good else self.state
        return good

    def merge(self, who: Body, other: "Raised") -> bool:
        """Into another one."""
        good = self.seen(who) and other.seen(who) and who.steers and self.state in WAITING and other is not self
        good = good and other.state not in ("merged", "withdrawn") and other.secret == self.secret
        if good:
            self.state = "merged"
            if other.organisation != self.organisation:
                other.supports.add(self.organisation)
        return good

    def reopen(self, who: Body) -> bool:
        """Look at it again."""
        good = self.seen(who) and who.steers and self.state != "raised"
        self.state = "raised" if good else self.state
        return good

    def withdraw(self, who: Body) -> bool:
        """Take it back."""
        good = self.seen(who) and who.name == self.raiser and self.state in WAITING
        self.state = "withdrawn" if good else self.state
        return good

    def support(self, who: Body) -> bool:
        """We have this too."""
        good = self.seen(who) and who.role in VOICES
        good = good and who.organisation not in {self.organisation, *self.supports}
        if good:
            self.supports.add(who.organisation)
        return good

    def unsupport(self, who: Body) -> bool:
        """We don't."""
        good = self.seen(who) and who.role in VOICES and who.organisation in self.supports
        self.supports.discard(who.organisation if good else "")
        return good
