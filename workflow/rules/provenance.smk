# A side room: where a result comes from. A crate names all that went in and came out; annotations are for other programs.
# In: every result. Out: ro-crate-metadata.json and the workflow; annotations.jsonld, when asked for. Config: all of it.
RULES = session.from_here(Path(workflow.main_snakefile).parent / "workflow" / "rules")


rule crate:
    input:
        config=lambda wildcards: str(STUDY.config_path),
        corpus=lambda wildcards: STUDY.source_paths,
        others=lambda wildcards: STUDY.other_paths,
        prompts=lambda wildcards: [
            path for name in STUDY.model_names for path in STUDY.prompt_paths(name)
        ],
        snakefile=str(session.from_here(Path(workflow.main_snakefile))),
        rules=sorted(str(path) for path in RULES.glob("*.smk")),
        results=expand("results/{{study}}/{table}.parquet", table=REPORTED),
        readings=expand(
            "results/{{study}}/annotate/{table}.parquet",
            table=["readings", "trait_readings"],
        ),
        coders=expand(
            "results/{{study}}/annotate/{coder}/{table}.parquet",
            coder=STUDY.coder_folders,
            table=["readings", "trait_readings", "sighting_readings"],
        ),
        recorded=expand(
            "results/{{study}}/annotate/recorded/{coder}/{file}",
            coder=STUDY.recorded_names,
            file=["unmapped.parquet", "review.parquet", "review.csv"],
        ),
        models=expand(
            "results/{{study}}/annotate/llm/{coder}/{file}",
            coder=STUDY.model_names,
            file=["unanswered.parquet", "codes.csv"],
        ),
        report=expand(
            "results/{{study}}/{file}",
            file=[
                "aggregate/counts.parquet",
                "aggregate/prints.parquet",
                "corpus.json",
                "evidence.csv",
                "ingest/texts",
                "quarto",
                "report.html",
                "report.pdf",
            ],
        ),
        renderer="results/{study}/render/renderer.json",
    output:
        crate=update("results/{study}/ro-crate-metadata.json"),
        workflow=update(directory("results/{study}/workflow")),
    log:
        "logs/{study}/provenance/crate.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("crate"),
    params:
        folder=lambda wildcards: str(STUDY.folder),
        study=lambda wildcards: STUDY.config.model_dump_json(by_alias=True),
        library=code_digest("crate"),
    script:
        "../scripts/crate.py"


rule export:
    input:
        corpus=lambda wildcards: STUDY.source_paths,
        texts="results/{study}/ingest/texts",
        documents="results/{study}/ingest/documents.parquet",
        statements="results/{study}/ingest/statements.parquet",
        codes="results/{study}/annotate/codes.parquet",
        traits="results/{study}/annotate/traits.parquet",
    output:
        update("results/{study}/annotations.jsonld"),
    log:
        "logs/{study}/provenance/export.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("export"),
    params:
        folder=lambda wildcards: str(STUDY.folder),
        library=code_digest("export"),
    script:
        "../scripts/export.py"
