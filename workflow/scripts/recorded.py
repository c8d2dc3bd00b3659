import sys
from pathlib import Path

from steelyard import codebook, tables
from steelyard.annotate import recorded
from steelyard.ingest.texts import read_texts
from steelyard.session import job

with job(snakemake.log[0]):
    given, output = snakemake.input, snakemake.output
    readings = recorded.read(
        Path(given.codes),
        snakemake.wildcards.coder,
        read_texts(tables.read(tables.DOCUMENTS, given.documents), Path(snakemake.params.folder)),
        tables.read(tables.STATEMENTS, given.statements),
        codebook.load(Path(given.codebook)),
    )
    for problem in readings.unmapped:
        print(f"Warning: {problem}", file=sys.stderr)
    unmapped = recorded.listed(readings.unmapped, snakemake.wildcards.coder, Path(snakemake.params.folder))
    tables.write(tables.UNMAPPED, unmapped, output.unmapped)
    tables.write(tables.READINGS, readings.readings, output.readings)
    tables.write(tables.TRAIT_READINGS, readings.traits, output.trait_readings)
    tables.write(tables.SIGHTING_READINGS, readings.sightings, output.sighting_readings)
