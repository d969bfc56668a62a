"""Folkmoot's features and rules. A folder is a feature, a file is plumbing; see docs/architecture.md."""
