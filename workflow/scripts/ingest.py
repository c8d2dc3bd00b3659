from pathlib import Path

from steelyard import tables
from steelyard.ingest.corpus import ingest
from steelyard.ingest.documents import read_documents
from steelyard.ingest.texts import check_unchanged, write_texts
from steelyard.session import job
from steelyard.study import SOURCES, Ingest

with job(snakemake.log[0]):
    sources = SOURCES.validate_json(snakemake.params.sources)
    options = Ingest.model_validate_json(snakemake.params.options)
    corpus = ingest(read_documents(sources, Path(snakemake.params.folder), options.largest_megabytes), options)
    write_texts(corpus.texts, Path(snakemake.output.texts))
    tables.write(tables.DOCUMENTS, corpus.documents, snakemake.output.documents)
    tables.write(tables.VOICES, corpus.voices, snakemake.output.voices)
    tables.write(tables.UTTERANCES, corpus.utterances, snakemake.output.utterances)
    tables.write(tables.STATEMENTS, corpus.statements, snakemake.output.statements)
    tables.write(tables.DROPPED, corpus.dropped, snakemake.output.dropped)
    check_unchanged(corpus.documents, Path(snakemake.params.folder))
