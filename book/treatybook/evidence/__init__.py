"""The evidence: reads, types and checks the tables; dates, levels, names, and what a key means."""
