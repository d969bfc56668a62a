"""Thousands of bodies that nobody would send, signed and unsigned, at both doors: no 5xx, no effect, no growth."""

import asyncio
import copy
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from tests.databases import SQLITE_FIRST
from tests.outside.conftest import Outside
from tests.outside.test_hostile_requests import WORDS
from tests.outside.test_nothing_but_http import opens
from tests.outside.wire import Json, Signed, card_action, slack_option

ODD: tuple[Any, ...] = (
    None, [], {}, "", "text", 0, -1, 7.5, True, 1e308, 2**63, [[[[]]]], {"a": {"b": None}}, "agr_aaaaaaaaaaaaaaaa",
    *WORDS,
)  # fmt: skip
AT_ONCE = 16


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every part of a piece of JSON."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, part in inner for each in places(part, (*path, key)))]


@dataclass
class Good:
    """A body that makes sense: as it is written, and the ways to its parts, found once for all its mutations."""

    value: Json

    def __post_init__(self) -> None:
        self.written = orjson.dumps(self.value)
        self.places = places(self.value)

    def holder(self, made: Any, path: tuple[Any, ...]) -> Any:
        """What holds the part at the end of this path; None where an earlier mutation took it away."""
        try:
            for key in path[:-1]:
                made = made[key]
            made[path[-1]]
        except (LookupError, TypeError):
            return None
        return None if isinstance(made, str) else made


def mutated(good: Good, chance: random.Random) -> Any:
    """The same with one to three of its parts replaced, taken away, doubled or moved elsewhere."""
    made: Any = orjson.loads(good.written)
    for _ in range(chance.randint(1, 3)):
        path = chance.choice(good.places)
        if not path:
            made = made if chance.random() < 0.95 else chance.choice(ODD)
            continue
        holder = good.holder(made, path)
        if holder is None:
            continue
        match chance.randrange(4):
            case 0:
                del holder[path[-1]]
            case 1:
                whole = holder[path[-1]]
                holder[path[-1]] = [whole, whole]
            case 2 if isinstance(holder[path[-1]], str):
                text = holder[path[-1]]
                holder[path[-1]] = text[: chance.randrange(len(text) + 1)] + chance.choice(WORDS)
            case _:
                holder[path[-1]] = copy.deepcopy(chance.choice(ODD))
    return made


def broken(body: bytes, chance: random.Random) -> bytes:
    """Bytes changed, cut or doubled, without regard to what they mean."""
    if chance.random() < 0.7:
        return body
    cut = chance.randrange(len(body) + 1)
    return chance.choice((body[:cut], body[cut:], body + body[:cut], body[:cut] + chance.randbytes(8) + body[cut:]))


class Line:
    """One connection that is kept for as long as the server keeps it; the client would refuse to send some headers."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._pair: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, signed: Signed) -> int:
        """The status of the answer; 0 for none."""
        head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(signed.body)}"]
        head += [f"{name}: {value}" for name, value in signed.headers.items()]
        said = "\r\n".join([*head, "", ""]).encode() + signed.body
        try:
            return await asyncio.wait_for(self._exchange(said), 30)
        except (OSError, EOFError, IndexError, ValueError):
            self.close()
            return 0

    async def _exchange(self, said: bytes) -> int:
        reader, writer = self._pair or await asyncio.open_connection("127.0.0.1", self._port)
        self._pair = reader, writer
        writer.write(said)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = re.search(r"content-length: (\d+)", head)
        if length is not None:
            await reader.readexactly(int(length[1]))
        if length is None or "connection: close" in head:
            self.close()
        return int(head.split()[1])

    def close(self) -> None:
        """Hang up."""
        if self._pair is not None:
            self._pair[1].close()
            self._pair = None


@pytest.mark.parametrize("cases", [250, pytest.param(100_000, marks=pytest.mark.faults)])
@SQLITE_FIRST
async def test_fuzz_changes_nothing(outside: Outside, report: Callable[[str], None], cases: int) -> None:
    board, vendors, product = outside.board, outside.vendors, outside.product
    chance = random.Random(cases)
    async with product.serving() as process:
        message, activity, card = await opens(outside, 3 * 24 * 3600)
        # Only what changes nothing is mutated, so that no mutation can be a stance in disguise.
        council, trust = board.slack["council"], board.teams["trust"]
        shows = slack_option(message["blocks"], "Who said what")
        pressed = vendors.slack.payload(
            "block_actions", council, actions=[shows], channel={"id": board.channel}, message=message
        )
        value = {"action": card_action(card, "Who said what"), "trigger": "manual"}
        invoked = vendors.teams.activity(
            "invoke", trust, board.conversation, name="adaptiveCard/action", value=value, replyToId=activity
        )
        text = "<at>Folkmoot</at> agreements open"
        said = vendors.teams.activity("message", trust, board.conversation, text=text, entities=[])
        side = vendors.slack
        good_press, good_invoke, good_words = Good(pressed), Good(invoked), Good(said)
        token = vendors.teams.signed(invoked).headers

        def made() -> tuple[str, Signed]:
            kind, signed = chance.randrange(3), chance.random() < 0.8
            if kind == 0:
                body = broken(urlencode({"payload": json.dumps(mutated(good_press, chance))}).encode(), chance)
                good = side.signed(body)
                headers = good.headers if signed else {**good.headers, "X-Slack-Signature": "v0=" + "0" * 64}
                return "/slack/events", Signed(body, headers)
            chosen = mutated(good_invoke if kind == 1 else good_words, chance)
            body = broken(json.dumps(chosen).encode(), chance)
            return "/api/messages", Signed(body, token if signed else {"Content-Type": "application/json"})

        before, statuses, wrong = await product.export(), Counter[int](), list[str]()

        async def send(line: Line) -> None:
            path, signed = made()
            status = await line.post(path, signed)
            statuses[status] += 1
            if not 200 <= status < 500:
                wrong.append(f"{path} {status}: {signed.body[:400]!r}")

        async def some(count: int) -> None:
            line = Line(product.port)
            for _ in range(count):
                await send(line)
            line.close()

        await some(cases // 20)  # what is loaded once is loaded
        started, began = product.memory(process), time.monotonic()
        await asyncio.gather(*(some(cases // AT_ONCE) for _ in range(AT_ONCE)))
        took = time.monotonic() - began
        grown = product.memory(process) - started
        after = await product.export()
    log = product.log.read_text()
    told = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
    report(
        f"{statuses.total()} fuzz cases: {told}; nothing changed, memory +{grown:.1f} MiB, {cases / took:.0f} a second"
    )
    assert wrong == [], wrong[:3]
    assert after == before
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:3000]
    assert grown < 50
