from pathlib import Path

from steelyard import codebook, tables, vocabulary
from steelyard.annotate import quality
from steelyard.annotate.readings import Readings
from steelyard.session import job
from steelyard.study import CODERS, Agreement

with job(snakemake.log[0]):
    given = snakemake.input
    measured, confused = quality.measure(
        Readings(
            tables.read(tables.READINGS, given.readings),
            tables.read(tables.TRAIT_READINGS, given.trait_readings),
            tables.SIGHTING_READINGS.empty(),
        ),
        CODERS.validate_json(snakemake.params.coders),
        tables.read(tables.STATEMENTS, given.statements),
        tables.read(tables.DOCUMENTS, given.documents),
        [*codebook.load(Path(given.codebook)).ids, vocabulary.OTHER_MOTIVE],
        Agreement.model_validate_json(snakemake.params.agreement),
    )
    tables.write(tables.QUALITY, measured, snakemake.output.quality)
    tables.write(tables.CONFUSION, confused, snakemake.output.confusion)
