from steelyard import tables
from steelyard.annotate import adjudicate
from steelyard.annotate.readings import combine, read
from steelyard.session import job
from steelyard.study import CODERS, least_confidence

with job(snakemake.log[0]):
    given, output = snakemake.input, snakemake.output
    coders = CODERS.validate_json(snakemake.params.coders)
    readings = [
        read(*files) for files in zip(given.readings, given.trait_readings, given.sighting_readings, strict=True)
    ]
    least = least_confidence(coders)
    codes, traits, sightings = adjudicate.accept(readings, [coder.name for coder in coders], least)
    everything = combine(readings)
    tables.write(tables.READINGS, everything.readings, output.readings)
    tables.write(tables.TRAIT_READINGS, everything.traits, output.trait_readings)
    tables.write(tables.CODES, codes, output.codes)
    tables.write(tables.TRAITS, traits, output.traits)
    tables.write(tables.SIGHTINGS, sightings, output.sightings)
    tables.write(tables.LEFT, adjudicate.left(readings, traits, least), output.left)
