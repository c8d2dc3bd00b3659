# Documents become statements: exact spans of text, each in one utterance of one voice.
# In: the corpus. Out: documents, voices, utterances, statements, dropped. Config: sources, ingest.
# A large corpus is cut into statements shard by shard; what the shards share is found from a few numbers of each.


rule part:
    input:
        lambda wildcards: STUDY.shard_paths(wildcards.shard),
    output:
        documents=update("results/{study}/ingest/parts/{shard}/documents.parquet"),
        voices=update("results/{study}/ingest/parts/{shard}/voices.parquet"),
        utterances=update("results/{study}/ingest/parts/{shard}/utterances.parquet"),
        statements=update("results/{study}/ingest/parts/{shard}/statements.parquet"),
        dropped=update("results/{study}/ingest/parts/{shard}/dropped.parquet"),
        utterance_runs=update(
            "results/{study}/ingest/parts/{shard}/utterance_runs.parquet"
        ),
        statement_runs=update(
            "results/{study}/ingest/parts/{shard}/statement_runs.parquet"
        ),
        texts=update(directory("results/{study}/ingest/parts/{shard}/texts")),
    log:
        "logs/{study}/ingest/part-{shard}.log",
    priority: 2  # before cues: what waits for all parts takes long, and on one core
    conda:
        "../../environment.yml"
    resources:
        **needs("part"),
    params:
        folder=lambda wildcards: str(STUDY.folder),
        sources=lambda wildcards: STUDY.shard_sources(wildcards.shard),
        options=lambda wildcards: STUDY.section("ingest"),
        library=code_digest("part"),
    script:
        "../scripts/part.py"


rule ingest:
    input:
        corpus=lambda wildcards: [] if STUDY.is_sharded else STUDY.source_paths,
        parts=lambda wildcards: expand(
            "results/{study}/ingest/parts/{shard}/{table}.parquet",
            study=wildcards.study,
            shard=STUDY.shards if STUDY.is_sharded else [],
            table=["documents", "statement_runs"],
        ),
    output:
        documents=update("results/{study}/ingest/documents.parquet"),
        voices=update("results/{study}/ingest/voices.parquet"),
        utterances=update("results/{study}/ingest/utterances.parquet"),
        statements=update("results/{study}/ingest/statements.parquet"),
        dropped=update("results/{study}/ingest/dropped.parquet"),
        texts=update(directory("results/{study}/ingest/texts")),
    log:
        "logs/{study}/ingest/ingest.log",
    priority: 1  # cues need not wait for it: so the two share the time
    conda:
        "../../environment.yml"
    resources:
        **needs("ingest"),
    params:
        folder=lambda wildcards: str(STUDY.folder),
        sources=lambda wildcards: [] if STUDY.is_sharded else STUDY.section("sources"),
        options=lambda wildcards: STUDY.section("ingest"),
        library=code_digest("ingest"),
    script:
        "../scripts/ingest.py"
