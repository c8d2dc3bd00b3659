"""From documents to statements: readers by layout, segmentation, voices, languages and echoes."""

from steelyard.ingest.corpus import Corpus, ingest
from steelyard.ingest.documents import Document, read_documents

__all__ = ["Corpus", "Document", "ingest", "read_documents"]
