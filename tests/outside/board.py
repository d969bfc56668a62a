"""A partnership that nobody has seen before: new names each time, written as the file that operators write."""

import datetime
import secrets
from dataclasses import dataclass, field

from tests.outside.wire import now

SYLLABLES = ("bar", "nor", "wes", "tam", "quil", "zeph", "lor", "mun", "dra", "fen", "ok", "ire")


def name() -> str:
    """A name that no test data and no code can know."""
    return "".join(secrets.choice(SYLLABLES) for _ in range(3)).title() + secrets.token_hex(2)


def slack_id(kind: str) -> str:
    """An id as Slack's look."""
    return kind + secrets.token_hex(5).upper()


@dataclass
class Unknown:
    """One partnership: four partners with people in both tools, a room in each, two themes."""

    title: str = field(default_factory=lambda: f"{name()} Partnership")
    partners: list[str] = field(
        default_factory=lambda: [f"{name()} {kind}" for kind in ("Council", "Trust", "College")]
    )
    themes: list[str] = field(default_factory=lambda: [f"{name()} streets", f"{name()} skills"])
    asks: str = field(default_factory=lambda: f"Adopt the {name()} plan")
    team: str = field(default_factory=lambda: slack_id("T"))
    tenant: str = field(default_factory=lambda: secrets.token_hex(16))
    channel: str = field(default_factory=lambda: slack_id("C"))
    conversation: str = field(default_factory=lambda: f"19:{secrets.token_hex(8)}@thread.tacv2")
    slack: dict[str, str] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.slack = {who: slack_id("U") for who in ("coordinator", "council", "trust deputy", "stranger")}
        self.teams = {who: secrets.token_hex(16) for who in ("trust", "college", "stranger")}

    def toml(self, service_url: str, bot: str) -> str:
        """The file for `folkmoot import`."""
        council, trust, college = self.partners
        people = [
            ("coordinator", council, "coordinator", "slack"),
            ("council", council, "representative", "slack"),
            ("trust", trust, "representative", "teams"),
            ("trust deputy", trust, "deputy", "slack"),
            ("college", college, "representative", "teams"),
        ]
        lines = [
            "[partnership]",
            f'name = "{self.title}"',
            f'place = "{name()}"',
            'timezone = "Europe/London"',
            f'purpose = "To do together what none of us can do alone in {name()}."',
            'voting_unit = "organisation"',
        ]
        for partner in self.partners:
            lines += ["[[organisations]]", f'name = "{partner}"', f'sector = "{name()}"', "voting = true"]
        for who, partner, role, tool in people:
            account = f"{self.team}:{self.slack[who]}" if tool == "slack" else f"{self.tenant}:{self.teams[who]}"
            lines += ["[[members]]", f'name = "{who.title()} {name()}"', f'organisation = "{partner}"']
            lines += [f'role = "{role}"', f'{tool} = ["{account}"]']
        lines += ["[[rooms]]", 'name = "ours"', f'slack = "{self.team}:{self.channel}"']
        place = f'tenant = "{self.tenant}", conversation = "{self.conversation}"'
        lines += ["[[rooms]]", 'name = "theirs"']
        lines += [f'teams = {{ {place}, service_url = "{service_url}", bot = "28:{bot}" }}']
        for theme in self.themes:
            lines += ["[[themes]]", f'name = "{theme}"', f'scope = "{name()}"', f'lead = "{trust}"']
        return "\n".join(lines) + "\n"

    def line(self, seconds: float) -> str:
        """What the coordinator types to have it agreed, closing so many seconds from now."""
        closes = datetime.datetime.fromtimestamp(now() + seconds, datetime.UTC).isoformat(timespec="seconds")
        themes = " ".join(f'#"{theme}"' for theme in self.themes)
        return f"agree {self.asks} closes:{closes} rule:consent quorum:3 {themes}"
