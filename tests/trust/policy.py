"""Who may do what, written by hand: what the product does is held against this, never the other way round.

For each command, whoever can bring it about on the own board, by initials: c chair, o coordinator, r representative,
d deputy, w (watches) observer, s stranger. The code's own table (docs/policy.md) may look wider, where a handler tells
somebody more kindly than the table why not; it is never narrower.
"""

from core.commands import Role

ROLES = {
    "c": Role.CHAIR,
    "o": Role.COORDINATOR,
    "r": Role.REPRESENTATIVE,
    "d": Role.DEPUTY,
    "w": Role.OBSERVER,
}
STRANGER = "s"

POLICY = {
    "agreements.amend": "cord",
    "agreements.answer": "crd",
    "agreements.cast": "crd",
    "agreements.close": "c",
    "agreements.confirm": "co",
    "agreements.decide": "cordw",
    "agreements.extend": "cord",
    "agreements.interest": "crd",
    "agreements.list": "cordw",
    "agreements.open": "co",
    "agreements.paper": "cordw",
    "agreements.propose": "cord",
    "agreements.reopen": "c",
    "agreements.roll": "cordw",
    "agreements.show": "cordw",
    "agreements.take_back": "crd",
    "agreements.withdraw": "cord",
    "agreements.withdraw_interest": "crd",
    "home.help": "cordws",
    "home.join": "co",
    "home.show": "cordw",
    "partners.arrived": "cordws",
    "partners.choose": "cordw",
    "privacy.erase_me": "rdw",
    "privacy.erase_member": "co",
    "privacy.erase_now": "cordw",
    "privacy.keeping": "co",
    "privacy.my_data": "cordw",
    "privacy.show": "cordw",
    "register.decisions": "cordw",
    "reminders.change": "cordw",
    "reminders.mine": "cordw",
    "reminders.set_digest": "co",
    "themes.list": "cordw",
    "themes.propose": "co",
    "themes.show": "cordw",
}
