# Documents become statements: exact spans of text, each in one utterance of one voice.
# In: the corpus. Out: documents, voices, utterances, statements, dropped. Config: sources, ingest.


rule ingest:
    input:
        STUDY.source_paths,
    output:
        documents="results/{study}/ingest/documents.parquet",
        voices="results/{study}/ingest/voices.parquet",
        utterances="results/{study}/ingest/utterances.parquet",
        statements="results/{study}/ingest/statements.parquet",
        dropped="results/{study}/ingest/dropped.parquet",
    log:
        "logs/{study}/ingest/ingest.log",
    params:
        folder=str(STUDY.folder),
        sources=STUDY.section("sources"),
        options=STUDY.section("ingest"),
        library=code_digest("ingest"),
    conda:
        "../../environment.yml"
    script:
        "../scripts/ingest.py"
