import sys
from pathlib import Path

from steelyard import codebook, tables
from steelyard.annotate import embedding, learned
from steelyard.annotate.readings import read, write
from steelyard.session import job

with job(snakemake.log[0]):
    given, output, params = snakemake.input, snakemake.output, snakemake.params
    corpus = [
        tables.read(tables.STATEMENTS, given.statements),
        tables.read(tables.UTTERANCES, given.utterances),
        tables.read(tables.DOCUMENTS, given.documents),
        codebook.load(Path(given.codebook)),
    ]
    by_readers = [
        read(*files) for files in zip(given.readings, given.trait_readings, given.sighting_readings, strict=True)
    ]
    model_fault = embedding.fault()
    too_little = learned.fault(*corpus, by_readers, params.readers, params.fewest)
    for fault in filter(None, (model_fault, too_little)):
        print(f"Warning: {fault}", file=sys.stderr)
    known: embedding.Vectors = {}
    for file in given.embeddings:
        known |= embedding.read(Path(file))
    vectors = {} if model_fault else embedding.embed([*corpus[0].text, *learned.texts(corpus[-1])], known)
    readings = learned.code(*corpus, vectors, by_readers, params.readers, snakemake.wildcards.coder, params.fewest)
    write(readings, output)
