from pathlib import Path

from steelyard import codebook, tables
from steelyard.annotate.readings import Readings
from steelyard.session import job
from steelyard.study import CODERS, Correction, least_confidence
from steelyard.weigh.correction import shares

with job(snakemake.log[0]):
    given = snakemake.input
    coders = CODERS.validate_json(snakemake.params.coders)
    found = shares(
        Readings(
            tables.read(tables.READINGS, given.readings),
            tables.read(tables.TRAIT_READINGS, given.trait_readings),
            tables.SIGHTING_READINGS.empty(),
        ),
        [coder.name for coder in coders],
        least_confidence(coders),
        tables.read(tables.EVIDENCE, given.evidence),
        tables.read(tables.STATEMENTS, given.statements),
        tables.read(tables.UTTERANCES, given.utterances),
        tables.read(tables.DOCUMENTS, given.documents),
        codebook.load(Path(given.codebook)).ids,
        Correction.model_validate_json(snakemake.params.correction),
    )
    tables.write(tables.SHARES, found, snakemake.output.shares)
