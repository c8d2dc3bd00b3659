import json
from pathlib import Path

from steelyard.render.renderer import render
from steelyard.session import job

with job(snakemake.log[0]):
    output = snakemake.output
    renderer = render(Path(snakemake.input[0]), Path(output.html), Path(output.pdf), snakemake.params.choice)
    Path(output.renderer).write_text(json.dumps({"renderer": renderer}) + "\n", encoding="utf-8")
