"""A side room after aggregate: draws statements for people to code, and writes them as sheets and as tasks."""
