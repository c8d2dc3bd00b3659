# A side room: statements are drawn for people to code. Nothing of the report depends on it; `snakemake coding_sheet`.
# In: ingest, annotate, aggregate. Out: the same statements as XLSX, CSV and Label Studio's tasks. Config: coding_sheet.


rule draw:
    input:
        corpus=lambda wildcards: STUDY.source_paths,
        texts="results/{study}/ingest/texts",
        documents="results/{study}/ingest/documents.parquet",
        utterances="results/{study}/ingest/utterances.parquet",
        statements="results/{study}/ingest/statements.parquet",
        readings="results/{study}/annotate/readings.parquet",
        trait_readings="results/{study}/annotate/trait_readings.parquet",
        evidence="results/{study}/aggregate/evidence.parquet",
        ledger="results/{study}/aggregate/ledger.parquet",
        codebook=lambda wildcards: STUDY.codebook_path,
    output:
        xlsx=update("results/{study}/coding_sheet/sheet.xlsx"),
        csv=update("results/{study}/coding_sheet/sheet.csv"),
        tasks=update("results/{study}/coding_sheet/label_studio_tasks.json"),
        labelling=update("results/{study}/coding_sheet/label_studio_config.xml"),
    log:
        "logs/{study}/coding_sheet/draw.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("draw"),
    params:
        folder=lambda wildcards: str(STUDY.folder),
        coders=lambda wildcards: STUDY.section("coders"),
        settings=lambda wildcards: STUDY.section("coding_sheet"),
        library=code_digest("draw"),
    script:
        "../scripts/draw.py"
