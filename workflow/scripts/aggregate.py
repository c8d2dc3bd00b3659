from pathlib import Path

from steelyard import codebook, tables
from steelyard.aggregate import evidence, sources
from steelyard.aggregate.counts import counts
from steelyard.aggregate.ledger import ledger
from steelyard.aggregate.prints import prints
from steelyard.engine import engine, store, view, write_frames
from steelyard.session import job
from steelyard.study import Strength

with job(snakemake.log[0]), engine(snakemake.threads) as connection:
    given, output = snakemake.input, snakemake.output
    view(connection, tables.DOCUMENTS, [given.documents])
    view(connection, tables.UTTERANCES, [given.utterances])
    view(connection, tables.STATEMENTS, [given.statements])
    view(connection, tables.CODES, [given.codes])
    view(connection, tables.TRAITS, [given.traits])
    view(connection, tables.SIGHTINGS, [given.sightings])
    evidence.posts(connection)
    evidence.rest_on(connection)
    evidence.cite(connection, next((sources.read(Path(path)) for path in given.checked_sources), None))
    evidence.offer(connection, Strength.model_validate_json(snakemake.params.strength))
    store(connection, tables.EVIDENCE, "from offered", output.evidence)
    store(connection, tables.LEDGER, ledger(), output.ledger)
    write_frames(tables.PRINTS, prints(connection, codebook.load(Path(given.codebook)).subject), output.prints)
    tables.write(tables.COUNTS, counts(connection).frame, output.counts)
