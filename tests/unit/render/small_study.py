"""The config of the smallest study that a report can be made of."""

STUDY = {
    "study": "small",
    "question": "Why?",
    "codebook": "codebook.yaml",
    "sources": [{"path": "a.txt", "source_type": "talk"}],
    "report": {"title": "Why"},
}
