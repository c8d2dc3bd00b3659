# steelyard: from a corpus to a weighed report, through five rooms in a row.
#   snakemake                                  the default study, config.yaml
#   snakemake --configfile other/config.yaml   another study; its results lie in results/<its name>/
#   snakemake annotations                      statements and codes as W3C annotations (docs/how-to/verify-and-cite.md)
#   snakemake coding_sheet                     a sample of statements for people to code (docs/coding-by-people.md)
from snakemake.utils import min_version

min_version("9.27")


include: "workflow/rules/common.smk"
include: "workflow/rules/ingest.smk"
include: "workflow/rules/annotate.smk"
include: "workflow/rules/aggregate.smk"
include: "workflow/rules/weigh.smk"
include: "workflow/rules/render.smk"
include: "workflow/rules/provenance.smk"
include: "workflow/rules/coding_sheet.smk"


rule all:
    default_target: True
    input:
        expand(
            "results/{study}/report.{format}",
            study=STUDY.config.study,
            format=["html", "pdf"],
        ),
        expand(
            "results/{study}/{file}",
            study=STUDY.config.study,
            file=[
                "evidence.csv",
                "corpus.json",
                "weigh/gaps.parquet",
                "ro-crate-metadata.json",
            ],
        ),


rule annotations:
    input:
        expand("results/{study}/annotations.jsonld", study=STUDY.config.study),


rule coding_sheet:
    input:
        expand(
            "results/{study}/coding_sheet/{file}",
            study=STUDY.config.study,
            file=[
                "sheet.xlsx",
                "sheet.csv",
                "label_studio_tasks.json",
                "label_studio_config.xml",
            ],
        ),


onsuccess:
    session.finish(STUDY.config.study, STUDY.config_path)


onerror:
    session.failed(STUDY.config.study)
