from pathlib import Path

from steelyard import codebook, tables
from steelyard.annotate import recorded
from steelyard.ingest import decode
from steelyard.session import job

with job(snakemake.log[0]):
    documents = tables.read(tables.DOCUMENTS, snakemake.input.documents)
    texts = {d.document_id: decode(Path(snakemake.params.folder) / d.path) for d in documents.itertuples()}
    readings = recorded.read(
        Path(snakemake.input.codes),
        snakemake.wildcards.coder,
        texts,
        tables.read(tables.STATEMENTS, snakemake.input.statements),
        codebook.load(Path(snakemake.input.codebook)),
    )
    tables.write(tables.READINGS, readings.readings, snakemake.output.readings)
    tables.write(tables.TRAIT_READINGS, readings.traits, snakemake.output.trait_readings)
    tables.write(tables.SIGHTING_READINGS, readings.sightings, snakemake.output.sighting_readings)
