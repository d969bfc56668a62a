"""What is kept about a person: shown, handed out, forgotten on request, and not kept for ever."""
