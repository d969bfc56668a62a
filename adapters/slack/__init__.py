"""Slack: signed requests in, Block Kit out. `app.SlackAdapter` is the only name that others need."""
