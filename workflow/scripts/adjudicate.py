from steelyard import tables
from steelyard.annotate.adjudicate import adjudicated
from steelyard.engine import engine, store_parts, view
from steelyard.session import job
from steelyard.study import CODERS, least_confidence

with job(snakemake.log[0]), engine(snakemake.threads) as corpus:
    given, output = snakemake.input, snakemake.output
    coders = CODERS.validate_json(snakemake.params.coders)
    view(corpus, tables.STATEMENTS, [given.statements])
    view(corpus, tables.READINGS, given.readings)
    view(corpus, tables.TRAIT_READINGS, given.trait_readings)
    view(corpus, tables.SIGHTING_READINGS, given.sighting_readings)
    files = {
        tables.READINGS: output.readings,
        tables.TRAIT_READINGS: output.trait_readings,
        tables.CODES: output.codes,
        tables.TRAITS: output.traits,
        tables.SIGHTINGS: output.sightings,
        tables.LEFT: output.left,
    }
    store_parts(corpus, adjudicated(corpus, [coder.name for coder in coders], least_confidence(coders)), files)
