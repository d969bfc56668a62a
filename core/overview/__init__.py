"""The board as a whole: where things came from and what came of them, who keeps promises, and finding anything."""
