import sys
from pathlib import Path

from steelyard import codebook, tables
from steelyard.annotate import embedding, learned
from steelyard.annotate.readings import Readings
from steelyard.session import job

with job(snakemake.log[0]):
    given, output, params = snakemake.input, snakemake.output, snakemake.params
    corpus = [
        tables.read(tables.STATEMENTS, given.statements),
        tables.read(tables.UTTERANCES, given.utterances),
        tables.read(tables.DOCUMENTS, given.documents),
        codebook.load(Path(given.codebook)),
    ]
    read = [
        Readings(tables.read(tables.READINGS, codes), tables.read(tables.TRAIT_READINGS, traits), sightings)
        for codes, traits, sightings in zip(
            given.readings, given.trait_readings, [tables.SIGHTING_READINGS.empty()] * len(given.readings), strict=True
        )
    ]
    model_fault = embedding.fault()
    too_little = learned.fault(*corpus, read, params.readers, params.fewest)
    for fault in filter(None, (model_fault, too_little)):
        print(f"Warning: {fault}", file=sys.stderr)
    known = embedding.read(Path(given.embeddings))
    vectors = {} if model_fault else embedding.embed([*corpus[0].text, *learned.texts(corpus[-1])], known)
    readings = learned.code(*corpus, vectors, read, params.readers, snakemake.wildcards.coder, params.fewest)
    tables.write(tables.READINGS, readings.readings, output.readings)
    tables.write(tables.TRAIT_READINGS, readings.traits, output.trait_readings)
    tables.write(tables.SIGHTING_READINGS, readings.sightings, output.sighting_readings)
