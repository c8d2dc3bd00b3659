# Weights become a report: a complete Quarto project of prose, fragments and figures, then one HTML page and one PDF.
# In: every table. Out: quarto/, evidence.csv, corpus.json, report.html, report.pdf. Config: report and all it lists.
REPORTED = [
    *expand(
        "ingest/{table}",
        table=["documents", "voices", "utterances", "statements", "dropped"],
    ),
    *expand(
        "annotate/{table}",
        table=["codes", "traits", "sightings", "left", "quality", "confusion"],
    ),
    *expand("aggregate/{table}", table=["evidence", "ledger"]),
    *expand(
        "weigh/{table}",
        table=[
            "hypotheses",
            "shown_by_kind",
            "observations",
            "matrix",
            "inconsistency",
            "relations",
        ],
    ),
    *expand("weigh/{table}", table=["multiverse", "robustness", "coding_error"]),
    *expand("weigh/{table}", table=["shares", "gaps", "summary"]),
]
PROSE = session.from_here(Path(workflow.basedir) / "report")


rule project:
    input:
        tables=expand("results/{{study}}/{table}.parquet", table=REPORTED),
        unmapped=expand(
            "results/{{study}}/annotate/recorded/{coder}/unmapped.parquet",
            coder=STUDY.recorded_names,
        ),
        unanswered=expand(
            "results/{{study}}/annotate/llm/{coder}/unanswered.parquet",
            coder=STUDY.model_names,
        ),
        corpus=lambda wildcards: STUDY.source_paths,
        texts="results/{study}/ingest/texts",
        others=lambda wildcards: STUDY.other_paths,
        prose=sorted(str(path) for path in PROSE.rglob("*") if path.is_file()),
    output:
        project=update(directory("results/{study}/quarto")),
        evidence=update("results/{study}/evidence.csv"),
        bibliography=update("results/{study}/corpus.json"),
    log:
        "logs/{study}/render/project.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("project"),
    params:
        folder=lambda wildcards: str(STUDY.folder),
        study=lambda wildcards: STUDY.config.model_dump_json(by_alias=True),
        library=code_digest("project"),
    script:
        "../scripts/project.py"


rule render:
    input:
        "results/{study}/quarto",
    output:
        html=update("results/{study}/report.html"),
        pdf=update("results/{study}/report.pdf"),
        renderer=update("results/{study}/render/renderer.json"),
    log:
        "logs/{study}/render/render.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("render"),
    params:
        choice=STUDY.config.report.renderer,
        library=code_digest("render"),
    script:
        "../scripts/render.py"
