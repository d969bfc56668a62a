"""Quick polls: a question, its options, and what people choose; counted by rules that are told in words."""
