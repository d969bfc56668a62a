"""Microsoft Teams: what comes in becomes a Request, what goes back becomes an Adaptive Card."""
