"""Refusals that carry their own sentence, and the ways in which a message may not arrive."""

import datetime
import math
from collections.abc import Mapping
from typing import Literal

LONGEST_WAIT = 3_600.0  # seconds; a Retry-After beyond that is taken as this


class Refused(Exception):
    """A request that cannot be done, with the one sentence that tells the person what to do instead.

    The sentence is shown as it stands: it is whole, friendly, ends in a full stop and holds no secret.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.problems: Mapping[str, str] = {field: sentence} if field else {}


class Incomplete(Refused):
    """A request that lacks, or has wrong, one or more parameters: its form is opened with what was understood.

    `problems` maps a parameter's name to the sentence shown at its field; a parameter that is merely
    missing has an empty sentence, because an empty field in a newly opened form is no mistake.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        said = [sentence for sentence in problems.values() if sentence]
        super().__init__(said[0] if said else "Please fill in the form.")
        self.problems = dict(problems)


class SendFailed(Exception):
    """A message that a platform did not take.

    kind: `later`, worth another attempt after `retry_after` seconds (None: the courier's own pace);
    `unsure`, it may have arrived, so a second attempt searches first where it can; `never`, this address
    will not take it (archived, removed, not installed); `paused`, the whole workspace has shut us out.
    `lost`: with `never`, it is the conversation that is closed to us, not this one message.
    `reason` is for the log and the coordinator, and never holds a token.
    """

    def __init__(
        self,
        kind: Literal["later", "unsure", "never", "paused"],
        reason: str,
        *,
        retry_after: float | None = None,
        lost: bool = False,
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.retry_after = retry_after
        self.lost = lost


class NotYet(Exception):
    """A message that would come at an unwelcome hour: it waits until `until` and is then drawn anew."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__(f"not before {until.isoformat()}")
        self.until = until


def asked_to_wait(retry_after: str) -> float | None:
    """Seconds from a Retry-After header; None when it is absent, a date or nonsense (RFC 9110, 10.2.3)."""
    try:
        seconds = float(retry_after)
    except ValueError:
        return None
    return min(seconds, LONGEST_WAIT) if math.isfinite(seconds) and seconds >= 0 else None
