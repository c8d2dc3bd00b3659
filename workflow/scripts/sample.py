from collections.abc import Iterator
from pathlib import Path

from steelyard import codebook, tables
from steelyard.annotate import embedding, semantic
from steelyard.annotate.likeness.sample import Part, write
from steelyard.annotate.sentences import READ_OF_STATEMENTS, READ_OF_UTTERANCES, statements_read
from steelyard.session import job

with job(snakemake.log[0]):
    given = snakemake.input
    coded_by = codebook.load(Path(given.codebook))
    fault = embedding.fault()

    def parts() -> Iterator[Part]:
        """Give the texts of a shard's statements and their vectors, shard by shard."""
        for statements, utterances, vectors in zip(given.statements, given.utterances, given.embeddings, strict=True):
            rows = statements_read(
                tables.read(tables.STATEMENTS, statements, READ_OF_STATEMENTS),
                tables.read(tables.UTTERANCES, utterances, READ_OF_UTTERANCES),
            )
            yield rows.text.tolist(), None if fault else embedding.read(Path(vectors))

    of_codebook = None if fault else embedding.embed(semantic.texts_of(coded_by), {})
    write(Path(snakemake.output[0]), semantic.sampled(parts, coded_by, of_codebook))
