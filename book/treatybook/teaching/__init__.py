"""Lessons, questions, sheets, slides, and a reader's own copies of the tables."""
