"""Founding a board, joining and leaving it, who is what, and one person in two tools."""
