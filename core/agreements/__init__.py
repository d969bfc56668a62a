"""Putting a proposal to the partners: rules, stances, quorum, objections, outcome."""
