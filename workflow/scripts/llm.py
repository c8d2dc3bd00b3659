import sys
from pathlib import Path

from steelyard import codebook, tables
from steelyard.annotate.llm import coder, run
from steelyard.annotate.readings import write
from steelyard.files import write_whole
from steelyard.session import job
from steelyard.study import LlmCoder

with job(snakemake.log[0]):
    given, output, name = snakemake.input, snakemake.output, snakemake.wildcards.coder
    settings = LlmCoder.model_validate_json(snakemake.params.coder)
    coded_by = codebook.load(Path(given.codebook))
    statements = tables.read(tables.STATEMENTS, given.statements)
    what = run.task(
        settings,
        Path(snakemake.params.folder),
        statements,
        tables.read(tables.UTTERANCES, given.utterances),
        tables.read(tables.DOCUMENTS, given.documents),
        Path(given.texts),
        coded_by,
    )
    found = coder.coded(what.questions, *run.complete(what), what.hypotheses)
    readings, unanswered = coder.readings(found, name), coder.unanswered(found, name)
    if len(unanswered):
        print(f"{len(unanswered)} statements are left uncoded: {output.unanswered}", file=sys.stderr)
    tables.write(tables.UNANSWERED, unanswered, output.unanswered)
    codes = coder.codes(found, statements, coded_by, settings.model, what.prompts.digest)
    write_whole(Path(output.codes), lambda path: path.write_bytes(codes))
    write(readings, output)
