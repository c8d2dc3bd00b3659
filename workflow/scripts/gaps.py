from pathlib import Path

from steelyard import codebook, tables
from steelyard.aggregate.counts import Counts
from steelyard.session import job
from steelyard.study import Method
from steelyard.weigh import gaps, summary

with job(snakemake.log[0]):
    given, output = snakemake.input, snakemake.output
    shared = {
        "prints": tables.read(tables.PRINTS, given.prints),
        "hypotheses": tables.read(tables.HYPOTHESES, given.hypotheses),
        "observations": tables.read(tables.OBSERVATIONS, given.observations),
        "matrix": tables.read(tables.MATRIX, given.matrix),
        "codebook": codebook.load(Path(given.codebook)),
        "evidence": tables.read(tables.EVIDENCE, given.evidence),
    }
    missing = gaps(voices=tables.read(tables.VOICES, given.voices), **shared)
    facts = summary(
        counts=Counts.of(tables.read(tables.COUNTS, given.counts)),
        ledger=tables.read(tables.LEDGER, given.ledger),
        shown_by_kind=tables.read(tables.SHOWN_BY_KIND, given.shown_by_kind),
        relations=tables.read(tables.RELATIONS, given.relations),
        multiverse=tables.read(tables.MULTIVERSE, given.multiverse),
        robustness=tables.read(tables.ROBUSTNESS, given.robustness),
        method=Method.model_validate_json(snakemake.params.method),
        **shared,
    )
    tables.write(tables.GAPS, missing, output.gaps)
    tables.write(tables.SUMMARY, facts, output.summary)
