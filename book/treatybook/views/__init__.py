"""From tables to figures and tables: one module for each subject."""
