"""What pyproject.toml cannot say: a wheel carries the project's files that are no modules, as steelyard/_project."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

# Laid out as in a checkout, as the rules name their scripts by relative paths. The default study is not among them.
CARRIED = (
    "Snakefile",
    "environment.yml",
    "profiles",
    "report",
    "workflow/profiles",
    "workflow/rules",
    "workflow/scripts",
    "workflow/template",
)


class WithProject(build_py):
    """Builds the package, and lays the project's files into it; an editable installation uses those of the checkout."""

    def run(self) -> None:
        """Build, then copy."""
        super().run()
        if self.editable_mode:
            return
        project = Path(self.build_lib) / "steelyard" / "_project"
        shutil.rmtree(project, ignore_errors=True)  # an earlier build's
        for name in CARRIED:
            target = project / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if Path(name).is_dir():
                shutil.copytree(name, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(name, target)


setup(cmdclass={"build_py": WithProject})
