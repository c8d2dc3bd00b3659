import sys
from pathlib import Path

from steelyard import codebook, csv_file, tables
from steelyard.coding_sheet import label_studio, rows, sample, workbook
from steelyard.files import write_whole
from steelyard.ingest.texts import read_texts
from steelyard.session import job
from steelyard.study import CODERS, CodingSheet, least_confidence

with job(snakemake.log[0]):
    given, output = snakemake.input, snakemake.output
    rows.refuse_to_overwrite([Path(output.xlsx), Path(output.csv)], Path(output.tasks))
    documents = tables.read(tables.DOCUMENTS, given.documents)
    drawn = sample.draw(
        tables.read(tables.STATEMENTS, given.statements),
        tables.read(tables.UTTERANCES, given.utterances),
        documents,
        tables.read(tables.READINGS, given.readings),
        tables.read(tables.TRAIT_READINGS, given.trait_readings),
        tables.read(tables.EVIDENCE, given.evidence),
        tables.read(tables.LEDGER, given.ledger),
        least_confidence(CODERS.validate_json(snakemake.params.coders)),
        CodingSheet.model_validate_json(snakemake.params.settings),
    )
    coded_by = codebook.load(Path(given.codebook))
    sheet = rows.rows(drawn, read_texts(documents, Path(snakemake.params.folder), Path(given.texts)), coded_by)
    files = {
        output.xlsx: workbook.workbook(sheet, coded_by),
        output.csv: csv_file.written(rows.SHEET, sheet),
        output.tasks: label_studio.tasks(sheet).encode(),
        output.labelling: label_studio.labelling_config(coded_by).encode(),
    }
    for name, content in files.items():
        write_whole(Path(name), lambda path, content=content: path.write_bytes(content))
    print(f"{len(sheet)} statements to code: {output.xlsx}", file=sys.stderr)
