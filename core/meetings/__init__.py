"""Meetings: planned once or in a series, with agenda, papers and attendance, in a calendar that people subscribe to."""
