from pathlib import Path

from steelyard import codebook, tables, vocabulary
from steelyard.annotate import quality
from steelyard.engine import engine, view
from steelyard.session import job
from steelyard.study import CODERS, Agreement

with job(snakemake.log[0]), engine(snakemake.threads) as corpus:
    given = snakemake.input
    view(corpus, tables.STATEMENTS, [given.statements])
    view(corpus, tables.READINGS, [given.readings])
    view(corpus, tables.TRAIT_READINGS, [given.trait_readings])
    measured, confused = quality.measure(
        quality.comparable(corpus),
        CODERS.validate_json(snakemake.params.coders),
        corpus.sql(quality.COMPARED_STATEMENTS).df(),
        tables.read(tables.DOCUMENTS, given.documents),
        [*codebook.load(Path(given.codebook)).ids, vocabulary.OTHER_MOTIVE],
        Agreement.model_validate_json(snakemake.params.agreement),
    )
    tables.write(tables.QUALITY, measured, snakemake.output.quality)
    tables.write(tables.CONFUSION, confused, snakemake.output.confusion)
