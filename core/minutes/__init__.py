"""A meeting in session, and its minutes: drafted from what happened, corrected, and approved at the next one."""
