from pathlib import Path

from steelyard import codebook, tables
from steelyard.annotate import cues
from steelyard.annotate.readings import write
from steelyard.annotate.sentences import READ_OF_STATEMENTS, READ_OF_UTTERANCES
from steelyard.session import job

with job(snakemake.log[0]):
    readings = cues.code(
        tables.read(tables.STATEMENTS, snakemake.input.statements, READ_OF_STATEMENTS),
        tables.read(tables.UTTERANCES, snakemake.input.utterances, READ_OF_UTTERANCES),
        codebook.load(Path(snakemake.input.codebook)),
        snakemake.wildcards.coder,
    )
    write(readings, snakemake.output)
