"""Where one starts: what waits for me, and what can be asked."""
