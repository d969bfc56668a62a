"""The receipt of a stance: its fingerprint, which the voter can compare with the record at any time."""

import datetime
import hashlib

import orjson


def receipt(
    *, agreement: str, voter: str, by: str, position: str, reason: str, round_: int, at: datetime.datetime
) -> str:
    """Twelve hexadecimal digits of SHA-256 over what was said, such as `3F9A-07C2-11BE`.

    Everything that goes into it stands in the export, so anyone can work it out again: agreement is the opaque
    reference, voter an organisation's name or, where members vote, the member's reference, by the reference
    of who said it (so that it can still be worked out when that person is erased), at is UTC to the microsecond.
    """
    said = [
        agreement,
        voter,
        by,
        position,
        reason,
        round_,
        at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
    ]
    digest = hashlib.sha256(orjson.dumps(said)).hexdigest().upper()
    return f"{digest[:4]}-{digest[4:8]}-{digest[8:12]}"
