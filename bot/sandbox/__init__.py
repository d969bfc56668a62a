"""A local Slack and a local Teams for the demo and the tests.

They play the vendors' side: they refuse what the real ones refuse, sign what the real ones sign, and are
built from the vendors' documentation, never from our own adapters.
"""
