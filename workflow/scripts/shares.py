from pathlib import Path

from steelyard import codebook, tables
from steelyard.aggregate.counts import Counts
from steelyard.aggregate.evidence import posts
from steelyard.engine import engine, view
from steelyard.session import job
from steelyard.study import CODERS, Correction, least_confidence
from steelyard.weigh import correction

with job(snakemake.log[0]), engine(snakemake.threads) as corpus:
    given = snakemake.input
    coders = CODERS.validate_json(snakemake.params.coders)
    view(corpus, tables.UTTERANCES, [given.utterances])
    view(corpus, tables.STATEMENTS, [given.statements])
    view(corpus, tables.READINGS, [given.readings])
    view(corpus, tables.TRAIT_READINGS, [given.trait_readings])
    posts(corpus)
    found = correction.shares(
        corpus,
        [coder.name for coder in coders],
        least_confidence(coders),
        tables.read(tables.EVIDENCE, given.evidence),
        Counts.of(tables.read(tables.COUNTS, given.counts)),
        tables.read(tables.DOCUMENTS, given.documents),
        codebook.load(Path(given.codebook)).ids,
        Correction.model_validate_json(snakemake.params.correction),
    )
    tables.write(tables.SHARES, found, snakemake.output.shares)
