"""From documents to statements: readers by format, segmentation, voices, languages and echoes."""
