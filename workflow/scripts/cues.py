from pathlib import Path

from steelyard import codebook, tables
from steelyard.annotate import cues
from steelyard.annotate.readings import write
from steelyard.session import job

with job(snakemake.log[0]):
    readings = cues.code(
        tables.read(tables.STATEMENTS, snakemake.input.statements),
        tables.read(tables.UTTERANCES, snakemake.input.utterances),
        codebook.load(Path(snakemake.input.codebook)),
        snakemake.wildcards.coder,
    )
    write(readings, snakemake.output)
