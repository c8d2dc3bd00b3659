"""steelyard: weighs rival hypotheses against a corpus of text, reproducibly."""

__version__ = "0.1.0"
