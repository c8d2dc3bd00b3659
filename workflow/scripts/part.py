from pathlib import Path

from steelyard.ingest.documents import read_documents
from steelyard.ingest.part import part
from steelyard.session import job
from steelyard.study import SOURCES, Ingest

with job(snakemake.log[0]):
    sources = SOURCES.validate_json(snakemake.params.sources)
    options = Ingest.model_validate_json(snakemake.params.options)
    documents = read_documents(sources, Path(snakemake.params.folder), options.largest_megabytes)
    part(documents, options).write(Path(snakemake.output.texts).parent)
