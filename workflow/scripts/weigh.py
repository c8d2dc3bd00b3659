from pathlib import Path

from steelyard import codebook, tables
from steelyard.aggregate.counts import Counts
from steelyard.session import job
from steelyard.study import Method
from steelyard.weigh import weigh

with job(snakemake.log[0]):
    given, output = snakemake.input, snakemake.output
    weights = weigh(
        evidence=tables.read(tables.EVIDENCE, given.evidence),
        ledger=tables.read(tables.LEDGER, given.ledger),
        sightings=tables.read(tables.SIGHTINGS, given.sightings),
        prints=tables.read(tables.PRINTS, given.prints),
        counts=Counts.of(tables.read(tables.COUNTS, given.counts)),
        codebook=codebook.load(Path(given.codebook)),
        method=Method.model_validate_json(snakemake.params.method),
    )
    tables.write(tables.HYPOTHESES, weights.hypotheses, output.hypotheses)
    tables.write(tables.SHOWN_BY_KIND, weights.shown_by_kind, output.shown_by_kind)
    tables.write(tables.OBSERVATIONS, weights.observations, output.observations)
    tables.write(tables.MATRIX, weights.matrix, output.matrix)
    tables.write(tables.INCONSISTENCY, weights.inconsistency, output.inconsistency)
    tables.write(tables.RELATIONS, weights.relations, output.relations)
