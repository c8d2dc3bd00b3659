import sys
from pathlib import Path

from steelyard import codebook, tables
from steelyard.annotate import embedding, semantic
from steelyard.annotate.readings import write
from steelyard.session import job

with job(snakemake.log[0]):
    given, output = snakemake.input, snakemake.output
    coded_by = codebook.load(Path(given.codebook))
    fault = embedding.fault()
    if fault:
        print(f"Warning: {fault}", file=sys.stderr)
    known = embedding.read(Path(given.embeddings))
    statements = tables.read(tables.STATEMENTS, given.statements)
    readings = semantic.code(
        statements,
        tables.read(tables.UTTERANCES, given.utterances),
        coded_by,
        None if fault else embedding.embed([*statements.text, *semantic.texts_of(coded_by)], known),
        snakemake.wildcards.coder,
    )
    write(readings, output)
