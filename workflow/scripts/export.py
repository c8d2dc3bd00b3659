from pathlib import Path

from steelyard import tables
from steelyard.engine import engine, view
from steelyard.provenance import annotations
from steelyard.session import job

with job(snakemake.log[0]), engine() as connection:
    given = snakemake.input
    for table, path in (
        (tables.STATEMENTS, given.statements),
        (tables.CODES, given.codes),
        (tables.TRAITS, given.traits),
    ):
        view(connection, table, [path])
    documents = tables.read(tables.DOCUMENTS, given.documents)
    folder, extracted = Path(snakemake.params.folder), Path(given.texts)
    path = Path(snakemake.output[0])
    annotations.write(connection, snakemake.wildcards.study, documents, folder, extracted, path)
