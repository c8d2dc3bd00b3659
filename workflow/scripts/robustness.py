from pathlib import Path

from steelyard import codebook, tables
from steelyard.session import job
from steelyard.study import Method
from steelyard.weigh import robustness

with job(snakemake.log[0]):
    given = snakemake.input
    ranks = robustness(
        tables.read(tables.HYPOTHESES, given.hypotheses),
        tables.read(tables.EVIDENCE, given.evidence),
        tables.read(tables.QUALITY, given.quality),
        tables.read(tables.STATEMENTS, given.statements),
        tables.read(tables.DOCUMENTS, given.documents),
        codebook.load(Path(given.codebook)),
        Method.model_validate_json(snakemake.params.method),
    )
    tables.write(tables.ROBUSTNESS, ranks, snakemake.output.robustness)
