"""Weights become a report: fragments and figures, a Quarto project, one HTML page and one PDF."""
