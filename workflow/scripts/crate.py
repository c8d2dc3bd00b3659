import json
import shutil
from functools import partial
from pathlib import Path

from steelyard.files import write_folder_whole, write_whole
from steelyard.provenance.crate import crate
from steelyard.provenance.facts import facts, newest, own_answers
from steelyard.session import job
from steelyard.study import Study

with job(snakemake.log[0]):
    given, output = snakemake.input, snakemake.output
    study, folder = Study.model_validate_json(snakemake.params.study), Path(snakemake.params.folder)
    results, workflow = Path(output.crate).parent, Path(output.workflow)

    def copy(temporary: Path) -> None:
        (temporary / "rules").mkdir()
        shutil.copyfile(given.snakefile, temporary / "Snakefile")
        for rules in given.rules:
            shutil.copyfile(rules, temporary / "rules" / Path(rules).name)

    write_folder_whole(workflow, copy)
    renderer = json.loads(Path(given.renderer).read_text(encoding="utf-8"))["renderer"]
    documents = next(path for path in given.results if path.endswith("ingest/documents.parquet"))
    inputs = [given.config, *given.corpus, *given.others, *given.prompts, *own_answers(study, folder)]
    made = [*given.results, *given.readings, *given.coders, *given.recorded, *given.models, *given.report]
    content = crate(
        facts(study, folder, renderer, newest(Path(documents))),
        results,
        [Path(path) for path in [*made, given.renderer, workflow]],
        folder,
        [Path(path) for path in inputs],
    )
    write_whole(Path(output.crate), partial(Path.write_bytes, data=content))
