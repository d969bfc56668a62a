"""Promises: who does what by when, chased until it is kept, and what came of it."""
