"""Readers: from a file to its text and who says what in it. A reader looks at form, never at what is said."""
