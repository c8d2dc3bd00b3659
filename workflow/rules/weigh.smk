# The ledger becomes weights: said, balance and shown, certainty, robustness, and what is missing.
# In: ingest, annotate, aggregate. Out: hypotheses, observations, matrix, relations, multiverse, robustness, shares, gaps,
# summary. Config: method, coders.


rule weigh:
    input:
        evidence="results/{study}/aggregate/evidence.parquet",
        ledger="results/{study}/aggregate/ledger.parquet",
        prints="results/{study}/aggregate/prints.parquet",
        counts="results/{study}/aggregate/counts.parquet",
        sightings="results/{study}/annotate/sightings.parquet",
        codebook=lambda wildcards: STUDY.codebook_path,
    output:
        hypotheses=update("results/{study}/weigh/hypotheses.parquet"),
        shown_by_kind=update("results/{study}/weigh/shown_by_kind.parquet"),
        observations=update("results/{study}/weigh/observations.parquet"),
        matrix=update("results/{study}/weigh/matrix.parquet"),
        inconsistency=update("results/{study}/weigh/inconsistency.parquet"),
        relations=update("results/{study}/weigh/relations.parquet"),
    log:
        "logs/{study}/weigh/weigh.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("weigh"),
    params:
        method=lambda wildcards: STUDY.section("method"),
        library=code_digest("weigh"),
    script:
        "../scripts/weigh.py"


rule robustness:
    input:
        evidence="results/{study}/aggregate/evidence.parquet",
        prints="results/{study}/aggregate/prints.parquet",
        documents="results/{study}/ingest/documents.parquet",
        statements="results/{study}/ingest/statements.parquet",
        hypotheses="results/{study}/weigh/hypotheses.parquet",
        quality="results/{study}/annotate/quality.parquet",
        readings="results/{study}/annotate/readings.parquet",
        trait_readings="results/{study}/annotate/trait_readings.parquet",
        utterances="results/{study}/ingest/utterances.parquet",
        checked_sources=lambda wildcards: STUDY.checked_sources_path,
        codebook=lambda wildcards: STUDY.codebook_path,
    output:
        multiverse=update("results/{study}/weigh/multiverse.parquet"),
        robustness=update("results/{study}/weigh/robustness.parquet"),
        coding_error=update("results/{study}/weigh/coding_error.parquet"),
    log:
        "logs/{study}/weigh/robustness.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("robustness"),
    params:
        coders=lambda wildcards: STUDY.section("coders"),
        method=lambda wildcards: STUDY.section("method"),
        library=code_digest("robustness"),
    script:
        "../scripts/robustness.py"


rule shares:
    input:
        readings="results/{study}/annotate/readings.parquet",
        trait_readings="results/{study}/annotate/trait_readings.parquet",
        evidence="results/{study}/aggregate/evidence.parquet",
        counts="results/{study}/aggregate/counts.parquet",
        documents="results/{study}/ingest/documents.parquet",
        utterances="results/{study}/ingest/utterances.parquet",
        statements="results/{study}/ingest/statements.parquet",
        codebook=lambda wildcards: STUDY.codebook_path,
    output:
        shares=update("results/{study}/weigh/shares.parquet"),
    log:
        "logs/{study}/weigh/shares.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("shares"),
    params:
        coders=lambda wildcards: STUDY.section("coders"),
        correction=lambda wildcards: STUDY.section("method.correction"),
        library=code_digest("shares"),
    script:
        "../scripts/shares.py"


rule gaps:
    input:
        evidence="results/{study}/aggregate/evidence.parquet",
        ledger="results/{study}/aggregate/ledger.parquet",
        prints="results/{study}/aggregate/prints.parquet",
        counts="results/{study}/aggregate/counts.parquet",
        voices="results/{study}/ingest/voices.parquet",
        hypotheses="results/{study}/weigh/hypotheses.parquet",
        shown_by_kind="results/{study}/weigh/shown_by_kind.parquet",
        observations="results/{study}/weigh/observations.parquet",
        matrix="results/{study}/weigh/matrix.parquet",
        relations="results/{study}/weigh/relations.parquet",
        multiverse="results/{study}/weigh/multiverse.parquet",
        robustness="results/{study}/weigh/robustness.parquet",
        codebook=lambda wildcards: STUDY.codebook_path,
    output:
        gaps=update("results/{study}/weigh/gaps.parquet"),
        summary=update("results/{study}/weigh/summary.parquet"),
    log:
        "logs/{study}/weigh/gaps.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("gaps"),
    params:
        method=lambda wildcards: STUDY.section("method"),
        library=code_digest("gaps"),
    script:
        "../scripts/gaps.py"
