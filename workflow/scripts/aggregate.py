from pathlib import Path

from steelyard import tables
from steelyard.aggregate import evidence, ledger, sources
from steelyard.session import job
from steelyard.study import Strength

with job(snakemake.log[0]):
    given = snakemake.input
    evidence_table = evidence.evidence(
        tables.read(tables.CODES, given.codes),
        tables.read(tables.TRAITS, given.traits),
        tables.read(tables.STATEMENTS, given.statements),
        tables.read(tables.UTTERANCES, given.utterances),
        tables.read(tables.DOCUMENTS, given.documents),
        next((sources.read(Path(path)) for path in given.checked_sources), None),
        Strength.model_validate_json(snakemake.params.strength),
    )
    tables.write(tables.EVIDENCE, evidence_table, snakemake.output.evidence)
    tables.write(tables.LEDGER, ledger.ledger(evidence_table), snakemake.output.ledger)
