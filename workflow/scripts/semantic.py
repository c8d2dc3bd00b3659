import sys
from pathlib import Path

from steelyard import codebook, tables
from steelyard.annotate import embedding, semantic
from steelyard.annotate.likeness.sample import read as read_sample
from steelyard.annotate.readings import write
from steelyard.annotate.sentences import READ_OF_STATEMENTS, READ_OF_UTTERANCES
from steelyard.session import job

with job(snakemake.log[0]):
    given, output = snakemake.input, snakemake.output
    coded_by = codebook.load(Path(given.codebook))
    fault = embedding.fault()
    if fault:
        print(f"Warning: {fault}", file=sys.stderr)
    sample = read_sample(Path(given.sample[0])) if given.sample else None
    known = embedding.read(Path(given.embeddings)) | ((sample and sample.vectors) or {})
    statements = tables.read(tables.STATEMENTS, given.statements, READ_OF_STATEMENTS)
    texts = [*statements.text, *semantic.texts_of(coded_by), *(sample.texts if sample else [])]
    readings = semantic.code(
        statements,
        tables.read(tables.UTTERANCES, given.utterances, READ_OF_UTTERANCES),
        coded_by,
        None if fault else embedding.embed(texts, known),
        snakemake.wildcards.coder,
        sample,
    )
    write(readings, output)
