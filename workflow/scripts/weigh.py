from pathlib import Path

from steelyard import codebook, tables
from steelyard.aggregate import sources
from steelyard.session import job
from steelyard.study import Method
from steelyard.weigh import weigh

with job(snakemake.log[0]):
    given, output = snakemake.input, snakemake.output
    weights = weigh(
        tables.read(tables.EVIDENCE, given.evidence),
        tables.read(tables.LEDGER, given.ledger),
        tables.read(tables.CODES, given.codes),
        tables.read(tables.TRAITS, given.traits),
        tables.read(tables.SIGHTINGS, given.sightings),
        tables.read(tables.STATEMENTS, given.statements),
        tables.read(tables.UTTERANCES, given.utterances),
        next((sources.read(Path(path)) for path in given.checked_sources), None),
        codebook.load(Path(given.codebook)),
        Method.model_validate_json(snakemake.params.method),
    )
    tables.write(tables.HYPOTHESES, weights.hypotheses, output.hypotheses)
    tables.write(tables.SHOWN_BY_KIND, weights.shown_by_kind, output.shown_by_kind)
    tables.write(tables.OBSERVATIONS, weights.observations, output.observations)
    tables.write(tables.MATRIX, weights.matrix, output.matrix)
    tables.write(tables.INCONSISTENCY, weights.inconsistency, output.inconsistency)
