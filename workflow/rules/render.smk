# Weights become a report: a complete Quarto project of prose, fragments and figures, then one HTML page and one PDF.
# In: every table. Out: quarto/, report.html, report.pdf. Config: report, and what the report lists of the rest.
REPORTED = [
    *expand("ingest/{table}", table=["documents", "voices", "utterances", "statements", "dropped"]),
    *expand("annotate/{table}", table=["codes", "traits", "sightings", "quality"]),
    *expand("aggregate/{table}", table=["evidence", "ledger"]),
    *expand("weigh/{table}", table=["hypotheses", "shown_by_kind", "observations", "matrix", "inconsistency"]),
    *expand("weigh/{table}", table=["robustness", "gaps", "summary"]),
]
PROSE = Path(workflow.basedir) / "report"


rule project:
    input:
        tables=expand("results/{{study}}/{table}.parquet", table=REPORTED),
        corpus=STUDY.source_paths,
        codebook=STUDY.codebook_path,
        prose=sorted(str(path) for path in PROSE.rglob("*") if path.is_file()),
    output:
        directory("results/{study}/quarto"),
    log:
        "logs/{study}/render/project.log",
    params:
        folder=str(STUDY.folder),
        prose=str(PROSE),
        study=STUDY.config.model_dump_json(by_alias=True),
        library=code_digest("project"),
    conda:
        "../../environment.yml"
    script:
        "../scripts/project.py"


rule render:
    input:
        "results/{study}/quarto",
    output:
        html="results/{study}/report.html",
        pdf="results/{study}/report.pdf",
        renderer="results/{study}/render/renderer.json",
    log:
        "logs/{study}/render/render.log",
    params:
        choice=STUDY.config.report.renderer,
        library=code_digest("render"),
    conda:
        "../../environment.yml"
    script:
        "../scripts/render.py"
