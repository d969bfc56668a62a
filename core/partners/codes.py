"""Codes that people read to each other: made, compared, and kept as nothing but a hash."""

import hashlib
import secrets

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else on a phone
_LENGTH = 10  # 30 letters, so 49 bits: with a few wrong ones an hour nobody gets anywhere by guessing


def new_code() -> str:
    """A code as it is shown, such as `K7QF9-M2PXD`."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return f"{code[:5]}-{code[5:]}"


def hash_of(code: str) -> str:
    """What is kept of a code; dashes, blanks and case don't count, as people read them out."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()
