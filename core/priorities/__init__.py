"""The pipeline: what partners have agreed to work on together, step by step."""
