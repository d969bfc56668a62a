"""The platforms' limits are kept to, and a workspace in trouble gets one try at a time."""

import itertools

from core.pacing import PATIENCE, SHARE, Lanes, Pace
from core.requests import Limit

THREAD = tuple(Limit("thread", times, seconds) for times, seconds in ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0)))


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def sent_in(seconds: float, limits: tuple[Limit, ...]) -> list[float]:
    """When a conversation that always has something to say is served."""
    clock, sent = Hand(), []
    pace, end = Pace(clock), clock.at + seconds
    while clock.at < end:
        wait, _ = pace.take(limits)
        if wait:
            clock.at += wait
        else:
            sent.append(clock.at)
    return sent


def test_a_teams_thread_never_gets_more_than_teams_allows_and_nearly_all_of_it() -> None:
    sent = sent_in(7200.0, THREAD)
    for times, seconds in ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0)):
        assert min(b - a for a, b in zip(sent, sent[times:], strict=False)) >= seconds
    assert len(sent) >= 3500


def test_edits_go_at_once_and_then_evenly() -> None:
    edits = (Limit("edits", 50, 60.0, burst=10, whole=True),)
    sent = sent_in(600.0, edits)
    assert sent[9] == sent[0], "the first ten did not go at once"
    assert max(b - a for a, b in itertools.pairwise(sent)) < 1.6, "an edit waited for the window to pass"
    assert all(sum(start <= each < start + 60 for each in sent) <= 51 for start in sent)


def test_what_is_refused_by_one_limit_is_counted_by_none() -> None:
    clock = Hand()
    pace = Pace(clock)
    tight, wide = Limit("tight", 1, 10.0), Limit("wide", 2, 10.0, whole=True)
    assert pace.take((tight, wide)) == (0.0, False)
    assert pace.take((tight, wide))[0] > 0
    assert pace.take((wide,)) == (0.0, False)
    wait, whole = pace.take((wide,))
    assert wait > 0 and whole


def test_a_workspace_that_fails_is_tried_by_one_at_a_time_until_it_answers() -> None:
    clock = Hand()
    lanes = Lanes(clock)
    assert lanes.places("slack:T1") == SHARE
    for _ in range(PATIENCE):
        lanes.begin("slack:T1")
        lanes.end("slack:T1", well=False)
    assert lanes.places("slack:T1") == 0 and lanes.full() == ["slack:T1"]
    assert lanes.places("slack:T2") == SHARE
    clock.at += 31
    assert lanes.places("slack:T1") == 1
    lanes.begin("slack:T1")
    assert lanes.places("slack:T1") == 0
    lanes.end("slack:T1", well=True)
    assert lanes.places("slack:T1") == SHARE
