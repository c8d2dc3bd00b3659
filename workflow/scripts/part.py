from pathlib import Path

from steelyard.ingest.documents import read_documents
from steelyard.ingest.part import part
from steelyard.ingest.texts import check_unchanged
from steelyard.session import job
from steelyard.study import SOURCES, Ingest
from steelyard.tables import PART_DOCUMENTS

with job(snakemake.log[0]):
    folder = Path(snakemake.params.folder)
    sources = SOURCES.validate_json(snakemake.params.sources)
    options = Ingest.model_validate_json(snakemake.params.options)
    made = part(read_documents(sources, folder, options.largest_megabytes), options)
    made.write(Path(snakemake.output.texts).parent)
    check_unchanged(made.frame(PART_DOCUMENTS), folder)
