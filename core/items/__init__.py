"""What partners raise, and what becomes of it: an answer, an action, a priority, an entry of an agenda."""
