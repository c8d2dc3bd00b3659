from pathlib import Path

from steelyard import codebook, tables
from steelyard.aggregate import sources
from steelyard.annotate.readings import Readings
from steelyard.session import job
from steelyard.study import CODERS, Method
from steelyard.weigh import multiverse

with job(snakemake.log[0]):
    given = snakemake.input
    universes = multiverse(
        hypotheses=tables.read(tables.HYPOTHESES, given.hypotheses),
        readings=Readings(
            tables.read(tables.READINGS, given.readings),
            tables.read(tables.TRAIT_READINGS, given.trait_readings),
            tables.SIGHTING_READINGS.empty(),
        ),
        statements=tables.read(tables.STATEMENTS, given.statements),
        utterances=tables.read(tables.UTTERANCES, given.utterances),
        documents=tables.read(tables.DOCUMENTS, given.documents),
        checked_sources=next((sources.read(Path(path)) for path in given.checked_sources), None),
        coders=CODERS.validate_json(snakemake.params.coders),
        codebook=codebook.load(Path(given.codebook)),
        method=Method.model_validate_json(snakemake.params.method),
    )
    tables.write(tables.MULTIVERSE, universes, snakemake.output.multiverse)
