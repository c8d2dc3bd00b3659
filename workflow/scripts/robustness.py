from pathlib import Path

from steelyard import codebook, tables
from steelyard.session import job
from steelyard.study import Method
from steelyard.weigh import coding_error, robustness

with job(snakemake.log[0]):
    given, output = snakemake.input, snakemake.output
    shared = {
        "hypotheses": tables.read(tables.HYPOTHESES, given.hypotheses),
        "evidence": tables.read(tables.EVIDENCE, given.evidence),
        "quality": tables.read(tables.QUALITY, given.quality),
        "statements": tables.read(tables.STATEMENTS, given.statements),
        "documents": tables.read(tables.DOCUMENTS, given.documents),
        "codebook": codebook.load(Path(given.codebook)),
        "method": Method.model_validate_json(snakemake.params.method),
    }
    ranks = robustness(multiverse=tables.read(tables.MULTIVERSE, given.multiverse), **shared)
    tables.write(tables.ROBUSTNESS, ranks, output.robustness)
    tables.write(tables.CODING_ERROR, coding_error.balances(**shared), output.coding_error)
