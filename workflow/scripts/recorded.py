import sys
from pathlib import Path

from steelyard import codebook, csv_file, tables
from steelyard.annotate import recorded
from steelyard.annotate.readings import write
from steelyard.files import write_whole
from steelyard.ingest.texts import Texts
from steelyard.session import job

with job(snakemake.log[0]):
    given, output = snakemake.input, snakemake.output
    coder, folder = snakemake.wildcards.coder, Path(snakemake.params.folder)
    readings, review = recorded.read_for_review(
        Path(given.codes),
        coder,
        Texts(tables.read(tables.DOCUMENTS, given.documents), folder, Path(given.texts)),
        tables.read(tables.STATEMENTS, given.statements, recorded.READ_OF_STATEMENTS),
        codebook.load(Path(given.codebook)),
        folder,
    )
    for problem in readings.unmapped:
        print(f"Warning: {problem}", file=sys.stderr)
    if len(review):
        said = f"{len(review)} codes of {coder} to look at again, as the codebook has changed since"
        print(f"Warning: {said}: {output.review_csv}", file=sys.stderr)
    tables.write(tables.UNMAPPED, recorded.listed(readings.unmapped, coder, folder), output.unmapped)
    tables.write(tables.REVIEW, review, output.review)
    again = sorted(review.fillna("").to_dict("records"), key=lambda row: csv_file.line_of(row["where"]))
    listed = csv_file.written(list(tables.REVIEW.columns), again)
    write_whole(Path(output.review_csv), lambda path: path.write_bytes(listed))
    write(readings, output)
