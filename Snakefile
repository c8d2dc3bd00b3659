# steelyard: from a corpus to a weighed report, through five rooms in a row.
#   snakemake                                  the default study, config.yaml
#   snakemake --configfile other/config.yaml   another study; its results lie in results/<its name>/
from snakemake.utils import min_version

min_version("9.27")


include: "workflow/rules/common.smk"
include: "workflow/rules/ingest.smk"
include: "workflow/rules/annotate.smk"
include: "workflow/rules/aggregate.smk"
include: "workflow/rules/weigh.smk"
include: "workflow/rules/render.smk"


rule all:
    default_target: True
    input:
        expand(
            "results/{study}/report.{format}",
            study=STUDY.config.study,
            format=["html", "pdf"],
        ),
        expand("results/{study}/weigh/gaps.parquet", study=STUDY.config.study),


onsuccess:
    session.finish(STUDY.config.study)
