"""The decision register: every decision and every change, numbered, exportable and tamper-evident."""
