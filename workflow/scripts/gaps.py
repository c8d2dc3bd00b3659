from pathlib import Path

from steelyard import codebook, tables
from steelyard.session import job
from steelyard.study import Method
from steelyard.weigh import gaps, summary

with job(snakemake.log[0]):
    given, output = snakemake.input, snakemake.output
    book = codebook.load(Path(given.codebook))
    statements = tables.read(tables.STATEMENTS, given.statements)
    hypotheses = tables.read(tables.HYPOTHESES, given.hypotheses)
    observations = tables.read(tables.OBSERVATIONS, given.observations)
    matrix = tables.read(tables.MATRIX, given.matrix)
    missing = gaps(
        tables.read(tables.EVIDENCE, given.evidence),
        statements,
        tables.read(tables.VOICES, given.voices),
        hypotheses,
        observations,
        matrix,
        book,
    )
    facts = summary(
        tables.read(tables.CODES, given.codes),
        tables.read(tables.TRAITS, given.traits),
        statements,
        tables.read(tables.UTTERANCES, given.utterances),
        hypotheses,
        tables.read(tables.SHOWN_BY_KIND, given.shown_by_kind),
        observations,
        matrix,
        tables.read(tables.ROBUSTNESS, given.robustness),
        book,
        Method.model_validate_json(snakemake.params.method),
    )
    tables.write(tables.GAPS, missing, output.gaps)
    tables.write(tables.SUMMARY, facts, output.summary)
