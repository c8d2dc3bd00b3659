import json
from pathlib import Path

from steelyard.files import write_whole
from steelyard.render.renderer import render
from steelyard.session import job

with job(snakemake.log[0]):
    output = snakemake.output
    renderer = render(Path(snakemake.input[0]), Path(output.html), Path(output.pdf), snakemake.params.choice)
    text = json.dumps({"renderer": renderer}) + "\n"
    write_whole(Path(output.renderer), lambda path: path.write_text(text, encoding="utf-8"))
