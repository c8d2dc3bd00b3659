# The ledger becomes weights: said, balance and shown, certainty, robustness, and what is missing.
# In: ingest, annotate, aggregate. Out: hypotheses, observations, matrix, robustness, gaps, summary. Config: method.


rule weigh:
    input:
        evidence="results/{study}/aggregate/evidence.parquet",
        ledger="results/{study}/aggregate/ledger.parquet",
        codes="results/{study}/annotate/codes.parquet",
        traits="results/{study}/annotate/traits.parquet",
        sightings="results/{study}/annotate/sightings.parquet",
        utterances="results/{study}/ingest/utterances.parquet",
        statements="results/{study}/ingest/statements.parquet",
        checked_sources=STUDY.checked_sources_path,
        codebook=STUDY.codebook_path,
    output:
        hypotheses=update("results/{study}/weigh/hypotheses.parquet"),
        shown_by_kind=update("results/{study}/weigh/shown_by_kind.parquet"),
        observations=update("results/{study}/weigh/observations.parquet"),
        matrix=update("results/{study}/weigh/matrix.parquet"),
        inconsistency=update("results/{study}/weigh/inconsistency.parquet"),
    log:
        "logs/{study}/weigh/weigh.log",
    conda:
        "../../environment.yml"
    params:
        method=STUDY.section("method"),
        library=code_digest("weigh"),
    script:
        "../scripts/weigh.py"


rule robustness:
    input:
        evidence="results/{study}/aggregate/evidence.parquet",
        documents="results/{study}/ingest/documents.parquet",
        statements="results/{study}/ingest/statements.parquet",
        hypotheses="results/{study}/weigh/hypotheses.parquet",
        quality="results/{study}/annotate/quality.parquet",
        codebook=STUDY.codebook_path,
    output:
        robustness=update("results/{study}/weigh/robustness.parquet"),
    log:
        "logs/{study}/weigh/robustness.log",
    conda:
        "../../environment.yml"
    params:
        method=STUDY.section("method"),
        library=code_digest("robustness"),
    script:
        "../scripts/robustness.py"


rule gaps:
    input:
        evidence="results/{study}/aggregate/evidence.parquet",
        codes="results/{study}/annotate/codes.parquet",
        traits="results/{study}/annotate/traits.parquet",
        voices="results/{study}/ingest/voices.parquet",
        utterances="results/{study}/ingest/utterances.parquet",
        statements="results/{study}/ingest/statements.parquet",
        hypotheses="results/{study}/weigh/hypotheses.parquet",
        shown_by_kind="results/{study}/weigh/shown_by_kind.parquet",
        observations="results/{study}/weigh/observations.parquet",
        matrix="results/{study}/weigh/matrix.parquet",
        robustness="results/{study}/weigh/robustness.parquet",
        codebook=STUDY.codebook_path,
    output:
        gaps=update("results/{study}/weigh/gaps.parquet"),
        summary=update("results/{study}/weigh/summary.parquet"),
    log:
        "logs/{study}/weigh/gaps.log",
    conda:
        "../../environment.yml"
    params:
        method=STUDY.section("method"),
        library=code_digest("gaps"),
    script:
        "../scripts/gaps.py"
