import sys
from pathlib import Path

from steelyard import tables
from steelyard.annotate import embedding
from steelyard.session import job

with job(snakemake.log[0]):
    fault = embedding.fault()
    if fault:
        print(f"Warning: {fault}", file=sys.stderr)
    texts = tables.read(tables.STATEMENTS, snakemake.input.statements, ["text"]).text
    kept = Path(snakemake.output[0])
    embedding.write(kept, {} if fault else embedding.embed(texts, embedding.read(kept)))
