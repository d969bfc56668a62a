"""Files to keep: documents for Word or as Markdown, and tables for spreadsheets."""
