"""One run of a study at a time in a folder.

The kernel holds the lock for the processes that have its file open, and gives it up with the last of them, however they
end: there are no stale locks. The file takes the place of standard input, which a run's jobs, and the programs that
they start, inherit from it and do not read. So the lock outlives a run that is killed for as long as its jobs do.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from pathlib import Path

_STATE = Path(".snakemake")


def hold(study: str) -> None:
    """Hold the study's lock in the working folder until this process and all that it starts are gone.

    Args:
        study: the study's name. Another run of it that is at work here is waited for, which is said on stderr.

    Raises:
        OSError: nothing can be written there.
    """
    _STATE.mkdir(exist_ok=True)
    descriptor = os.open(_STATE / f"steelyard-{study}.lock", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(_waits_for(study, os.pread(descriptor, 20, 0).decode()), file=sys.stderr, flush=True)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as failure:
        if failure.errno not in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
            raise
        print("Warning: this file system has no locks; start no second run of this study here.", file=sys.stderr)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    os.dup2(descriptor, 0)
    os.close(descriptor)


def _waits_for(study: str, holder: str) -> str:
    if holder.isdigit() and _lives(int(holder)):
        others = f"Another run of the study '{study}' is at work in this folder (process {holder})"
        return f"{others}; this one goes on when it has ended. Ctrl-C gives up."
    others = f"A run of the study '{study}' was killed, and jobs that it had begun are still at work in this folder"
    return f"{others}; this one goes on when they have ended. Ctrl-C gives up."


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True
