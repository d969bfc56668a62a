"""What connects Folkmoot to a chat tool or a browser; nothing here knows a feature."""
