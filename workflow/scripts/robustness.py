from pathlib import Path

from steelyard import codebook, tables
from steelyard.aggregate import sources
from steelyard.engine import engine, view
from steelyard.session import job
from steelyard.study import CODERS, Method
from steelyard.weigh import coding_error, multiverse, robustness

with job(snakemake.log[0]), engine(snakemake.threads) as corpus:
    given, output = snakemake.input, snakemake.output
    shared = {
        "hypotheses": tables.read(tables.HYPOTHESES, given.hypotheses),
        "documents": tables.read(tables.DOCUMENTS, given.documents),
        "codebook": codebook.load(Path(given.codebook)),
        "method": Method.model_validate_json(snakemake.params.method),
    }
    coded = {
        "evidence": tables.read(tables.EVIDENCE, given.evidence),
        "prints": tables.read(tables.PRINTS, given.prints),
        "quality": tables.read(tables.QUALITY, given.quality),
    }
    view(corpus, tables.DOCUMENTS, [given.documents])
    view(corpus, tables.UTTERANCES, [given.utterances])
    view(corpus, tables.STATEMENTS, [given.statements])
    view(corpus, tables.READINGS, [given.readings])
    view(corpus, tables.TRAIT_READINGS, [given.trait_readings])
    universes = multiverse(
        corpus=corpus,
        checked_sources=next((sources.read(Path(path)) for path in given.checked_sources), None),
        coders=CODERS.validate_json(snakemake.params.coders),
        **shared,
    )
    tables.write(tables.MULTIVERSE, universes, output.multiverse)
    tables.write(tables.ROBUSTNESS, robustness(multiverse=universes, **coded, **shared), output.robustness)
    tables.write(tables.CODING_ERROR, coding_error.balances(**coded, **shared), output.coding_error)
