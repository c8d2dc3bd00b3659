# What every stage shares: the study, loaded and checked, and digests of the library's code.
# There is no `configfile:` directive: Snakemake would merge the default study into every other.
# Outputs are marked `update`: a job that fails leaves the earlier ones where they were (every file is written whole).
import sys

from steelyard import session
from steelyard.digest import code_digest
from steelyard.resources import needs

# The study's files are given by functions: in a path that is given outright, braces would be wildcards.
STUDY = session.open_study(
    workflow.basedir, workflow.configfiles, workflow.config_settings.config
)
session.begin(STUDY.config.study, sys.argv)


wildcard_constraints:
    study=STUDY.config.study,  # so that an earlier result, results/<another>, is read and never made
    coder="[a-z0-9][a-z0-9-]*",
    shard="|".join(STUDY.shards),
