from pathlib import Path

from steelyard import codebook, tables
from steelyard.annotate import cues
from steelyard.session import job

with job(snakemake.log[0]):
    readings = cues.code(
        tables.read(tables.STATEMENTS, snakemake.input.statements),
        tables.read(tables.UTTERANCES, snakemake.input.utterances),
        codebook.load(Path(snakemake.input.codebook)),
        snakemake.wildcards.coder,
    )
    tables.write(tables.READINGS, readings.readings, snakemake.output.readings)
    tables.write(tables.TRAIT_READINGS, readings.traits, snakemake.output.trait_readings)
    tables.write(tables.SIGHTING_READINGS, readings.sightings, snakemake.output.sighting_readings)
