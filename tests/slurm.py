"""A real SLURM on this one machine, in a folder of its own: munged, slurmctld and slurmd, without accounting.

    python tests/slurm.py start FOLDER    # prints the line that puts sbatch and its like before others
    python tests/slurm.py stop FOLDER

It chooses free ports, leaves /etc alone and needs neither systemd nor, once Debian's packages `slurm-wlm` and `munge`
are there, root; as root it installs them. A job that takes more memory than it asked for is killed, as on a cluster.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

NEEDED = ("munged", "slurmctld", "slurmd", "sbatch")
COMMANDS = ("sbatch", "srun", "squeue", "scancel", "scontrol", "sinfo", "sacct")
DAEMONS = ("slurmd", "slurmctld", "munged")  # in the order in which they are stopped


class Job(NamedTuple):
    """A job that was submitted for a rule, and its state: PENDING, RUNNING, COMPLETED, CANCELLED, FAILED ..."""

    id: str
    rule: str
    state: str


class SlurmError(Exception):
    """SLURM could not be installed or did not start; the message says what is missing."""


def missing() -> list[str]:
    """Name the programs of SLURM that are not installed."""
    return [name for name in NEEDED if not shutil.which(name, path=_path())]


def install() -> None:
    """Install what is missing, as root, with apt-get.

    Raises:
        SlurmError: it cannot be installed here.
    """
    if not missing():
        return
    packages = "slurm-wlm munge"
    if os.geteuid() or not shutil.which("apt-get"):
        raise SlurmError(f"not installed: {', '.join(missing())}. As root: apt-get install {packages}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages.split()]):
        done = subprocess.run(["apt-get", *command], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SlurmError(f"apt-get {' '.join(command)}:\n{done.stderr}")


def start(folder: Path) -> Path:
    """Start SLURM, unless it runs there already, and wait until its one node takes jobs.

    Args:
        folder: what SLURM writes goes there; its path must be short, as a socket's is.

    Returns:
        The folder of the commands, to be put at the head of PATH.

    Raises:
        SlurmError: something is not installed, or the node does not come up.
    """
    if missing():
        raise SlurmError(f"not installed: {', '.join(missing())}")
    folder = folder.resolve()
    if not all(_runs(folder, name) for name in DAEMONS):
        stop(folder)
        _write(folder)
        environment = os.environ | {"PATH": _path(), "SLURM_CONF": str(folder / "slurm.conf")}
        # All stay in the foreground: stop() then ends just what was started here.
        munged = ["munged", "--foreground", f"--socket={folder}/munge.socket", f"--key-file={folder}/munge.key"]
        munged += [f"--{name}-file={folder}/munged.{name}" for name in ("pid", "log", "seed")]
        # munged must not be root's when started by root, unless it is told to.
        for command in ([*munged, "--force"], ["slurmctld", "-D"], ["slurmd", "-D"]):
            with (folder / f"{command[0]}.out").open("wb") as out:
                process = subprocess.Popen(
                    command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
                )
            (folder / f"{command[0]}.process").write_text(str(process.pid))
            if command is not munged:
                time.sleep(0.3)
    _wait(folder)
    return folder / "bin"


def stop(folder: Path) -> None:
    """Stop what was started in a folder, jobs included; nothing happens where nothing runs."""
    folder = folder.resolve()
    if _runs(folder, "slurmctld") and _runs(folder, "slurmd"):
        _command(folder, "scancel", "--user", str(os.getuid()))
        for _ in range(50):
            if not _command(folder, "squeue", "--noheader").strip():
                break
            time.sleep(0.1)
    for name in DAEMONS:
        for sent in (signal.SIGTERM, signal.SIGKILL):
            if _runs(folder, name):
                os.kill(int((folder / f"{name}.process").read_text()), sent)
            for _ in range(50):
                if not _runs(folder, name):
                    break
                time.sleep(0.1)
        (folder / f"{name}.process").unlink(missing_ok=True)


@contextlib.contextmanager
def running() -> Iterator[Mapping[str, str]]:
    """Start SLURM in a folder that goes with it, and give the environment in which its commands are found."""
    with tempfile.TemporaryDirectory(prefix="slurm") as name:
        folder = Path(name)
        try:
            commands = start(folder)
            yield os.environ | {"PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"}
        finally:
            stop(folder)


def jobs(environment: Mapping[str, str]) -> list[Job]:
    """List all jobs that Snakemake has submitted since SLURM was started, in their order."""
    command = ["squeue", "--states=all", "--noheader", "--sort=i", "--format=%i|%k|%T"]
    listed = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^(\d+)\|rule_(\w+?)(?:_wildcards_.*)?\|(\w+)$", listed, re.MULTILINE)
    return [Job(*one) for one in found]


def _path() -> str:
    """Where programs are sought: also where daemons lie, and not among commands that an earlier start has written."""
    places = [*os.environ.get("PATH", "").split(os.pathsep), "/usr/sbin", "/usr/local/sbin"]
    return os.pathsep.join(place for place in places if not (Path(place).parent / "slurm.conf").exists())


def _write(folder: Path) -> None:
    """Write the key, the configuration and the commands, which find it wherever a job calls them."""
    for name in ("state", "spool", "bin"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    key = folder / "munge.key"
    key.touch(mode=0o600)
    key.write_bytes(secrets.token_bytes(128))
    (folder / "slurm.conf").write_text(_configuration(folder))
    for name in COMMANDS:
        script = folder / "bin" / name
        own = shutil.which(name, path=_path())
        script.write_text(f'#!/bin/sh\nSLURM_CONF={shlex.quote(f"{folder}/slurm.conf")} exec {own} "$@"\n')
        script.chmod(0o755)


def _configuration(folder: Path) -> str:
    host, user = socket.gethostname().partition(".")[0], subprocess.check_output(["id", "-un"], text=True).strip()
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        control, node = one.getsockname()[1], other.getsockname()[1]
    return f"""\
ClusterName=one
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={control}
SlurmdPort={node}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill,UsePss
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=sched_interval=1,batch_sched_delay=0
ReturnToService=2
MinJobAge=86400
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={os.cpu_count()} RealMemory={megabytes * 9 // 10}
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def _wait(folder: Path) -> None:
    for _ in range(300):
        if _command(folder, "sinfo", "--noheader", "--format=%T").strip() in ("idle", "mixed", "allocated"):
            return
        time.sleep(0.1)
    logs = "\n".join(path.read_text(errors="replace")[-2000:] for path in sorted(folder.glob("*.out")))
    raise SlurmError(f"SLURM's node does not come up:\n{logs}")


def _command(folder: Path, name: str, *arguments: str) -> str:
    command = ["timeout", "10", str(folder / "bin" / name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _runs(folder: Path, name: str) -> bool:
    """Tell whether the process that was started under this name runs still, and is not another of the same number."""
    try:
        process = int((folder / f"{name}.process").read_text())
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process, os.WNOHANG)
        return Path(f"/proc/{process}/comm").read_text().strip() == name
    except (OSError, ValueError):
        return False


def main(arguments: list[str]) -> int:
    """Start or stop SLURM in a folder."""
    if len(arguments) != 2 or arguments[0] not in ("start", "stop"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        if arguments[0] == "stop":
            stop(Path(arguments[1]))
        else:
            install()
            print(f"export PATH={shlex.quote(str(start(Path(arguments[1]))))}:$PATH")
    except SlurmError as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
