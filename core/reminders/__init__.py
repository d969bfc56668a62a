"""Reminders and digests: the right thing to the right person, once, at an hour at which it is welcome."""
