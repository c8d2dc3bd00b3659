# Codes become a ledger: what each independent voice offers for and against each hypothesis.
# In: ingest, annotate. Out: evidence, ledger, prints, counts. Config: method.strength, checked_sources.


rule aggregate:
    input:
        documents="results/{study}/ingest/documents.parquet",
        utterances="results/{study}/ingest/utterances.parquet",
        statements="results/{study}/ingest/statements.parquet",
        codes="results/{study}/annotate/codes.parquet",
        traits="results/{study}/annotate/traits.parquet",
        sightings="results/{study}/annotate/sightings.parquet",
        codebook=lambda wildcards: STUDY.codebook_path,
        checked_sources=lambda wildcards: STUDY.checked_sources_path,
    output:
        evidence=update("results/{study}/aggregate/evidence.parquet"),
        ledger=update("results/{study}/aggregate/ledger.parquet"),
        prints=update("results/{study}/aggregate/prints.parquet"),
        counts=update("results/{study}/aggregate/counts.parquet"),
    log:
        "logs/{study}/aggregate/aggregate.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("aggregate"),
    params:
        strength=lambda wildcards: STUDY.section("method.strength"),
        library=code_digest("aggregate"),
    script:
        "../scripts/aggregate.py"
