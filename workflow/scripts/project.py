import os
from functools import partial
from pathlib import Path

from steelyard import tables
from steelyard.files import write_parts, write_whole
from steelyard.render import project, run
from steelyard.render.bibliography import as_json
from steelyard.render.sections.evidence import as_csv
from steelyard.session import job
from steelyard.study import Study

with job(snakemake.log[0]):
    paths = {f"{Path(path).parent.name}/{Path(path).stem}": path for path in snakemake.input.tables}
    study = Study.model_validate_json(snakemake.params.study)
    given = snakemake.input
    finished = run.load(
        paths, given.unmapped, given.unanswered, study, Path(snakemake.params.folder), Path(given.texts)
    )
    texts = run.in_parts(finished, Path(snakemake.params.folder), Path(given.texts))
    project.build(finished, Path(os.path.commonpath(snakemake.input.prose)), Path(snakemake.output.project))
    write_whole(Path(snakemake.output.evidence), partial(write_parts, parts=as_csv(finished, texts)))
    bibliography = as_json(finished[tables.DOCUMENTS])
    write_whole(Path(snakemake.output.bibliography), partial(Path.write_bytes, data=bibliography))
