"""From statements to codes: coders read, adjudication accepts, and agreement is measured."""
