"""What one file may cost, and the child's own limits on itself."""

import resource
from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes and seconds. `memory` is the child's whole address space."""

    file_bytes: int = 200 * MEGABYTE
    memory: int = 300 * MEGABYTE
    cpu_seconds: int = 90
    wall_seconds: int = 180
    spool_bytes: int = 2048 * MEGABYTE
    cell_characters: int = 131_072
    unfolded_bytes: int = 256 * MEGABYTE
    # A real sheet of repeated text reaches about 50; deflate itself ends at 1,032.
    unfolded_ratio: int = 150
    ratio_from_bytes: int = 4 * MEGABYTE
    zip_members: int = 5_000


def confine(limits: Limits) -> None:
    """Bind this process: address space, processor time, size of what it writes, and no core dump."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.spool_bytes, limits.spool_bytes))
