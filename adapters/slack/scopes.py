"""What the app asks of Slack: its permissions and its events. The manifest and the installation ask for the same."""

SCOPES = (
    "app_mentions:read",  # @Folkmoot …
    "channels:history",  # only to look for our own message before sending it a second time
    "channels:read",  # being invited into a public channel, and what becomes of it
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",  # what people write to us directly
    "im:read",
    "im:write",  # reminders
)
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "message.im",
    "team_access_revoked",
    "tokens_revoked",
)
INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"
