from pathlib import Path

from steelyard.ingest.corpus import ingest
from steelyard.ingest.documents import read_documents
from steelyard.ingest.gathered import gather, write
from steelyard.ingest.part import StoredPart
from steelyard.ingest.texts import check_unchanged
from steelyard.session import job
from steelyard.study import SOURCES, Ingest

with job(snakemake.log[0]):
    folder, results = Path(snakemake.params.folder), Path(snakemake.output.texts).parent
    options = Ingest.model_validate_json(snakemake.params.options)
    if snakemake.input.parts:
        parts = [StoredPart(part) for part in dict.fromkeys(Path(file).parent for file in snakemake.input.parts)]
        gather(parts, options, results, snakemake.threads)
    else:
        sources = SOURCES.validate_json(snakemake.params.sources)
        corpus = ingest(read_documents(sources, folder, options.largest_megabytes), options)
        write(corpus, results)
        check_unchanged(corpus.documents, folder)
