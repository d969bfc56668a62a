"""Who belongs to a board: partnerships, organisations, members, their identities in each tool, and rooms."""
