# Documents become statements: exact spans of text, each in one utterance of one voice.
# In: the corpus. Out: documents, voices, utterances, statements, dropped. Config: sources, ingest.


rule ingest:
    input:
        lambda wildcards: STUDY.source_paths,
    output:
        documents=update("results/{study}/ingest/documents.parquet"),
        voices=update("results/{study}/ingest/voices.parquet"),
        utterances=update("results/{study}/ingest/utterances.parquet"),
        statements=update("results/{study}/ingest/statements.parquet"),
        dropped=update("results/{study}/ingest/dropped.parquet"),
        texts=update(directory("results/{study}/ingest/texts")),
    log:
        "logs/{study}/ingest/ingest.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("ingest"),
    params:
        folder=lambda wildcards: str(STUDY.folder),
        sources=lambda wildcards: STUDY.section("sources"),
        options=lambda wildcards: STUDY.section("ingest"),
        library=code_digest("ingest"),
    script:
        "../scripts/ingest.py"
