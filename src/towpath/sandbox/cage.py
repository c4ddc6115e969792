"""The walls of a worker process: resource limits, and a filter that refuses every system call it does not need.

Runs inside the worker, with the standard library alone.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import struct
import sys

_MEGABYTE = 1 << 20
ADDRESS_SPACE = 512 * _MEGABYTE  # room above what the interpreter has mapped already
_ALLOWED = {
    # Memory, reading and writing what is open, time, locks, chance, the end.
    "x86_64": (
        0xC000003E,
        (0, 1, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 19, 20, 24, 25, 28, 35, 39, 60, 96, 98, 131, 186, 201, 202, 219,
         228, 229, 230, 231, 271, 318),
    ),
    "aarch64": (
        0xC00000B7,
        (57, 62, 63, 64, 65, 66, 73, 80, 93, 94, 98, 101, 113, 114, 115, 124, 128, 132, 134, 135, 139, 165, 169, 172,
         178, 214, 215, 216, 222, 226, 233, 278),
    ),
}  # fmt: skip
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06  # BPF: load a word, jump if equal, return
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # refused calls answer EPERM
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


def limit_resources() -> None:
    """No files, no processes, no core dump, an end to memory and processor time."""
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CPU, 3600),
        (resource.RLIMIT_NOFILE, 16),
    ):
        resource.setrlimit(kind, (value, value))
    if sys.platform == "linux":
        room = _mapped() + ADDRESS_SPACE
        resource.setrlimit(resource.RLIMIT_AS, (room, room))


def _mapped() -> int:
    """Bytes of address space in use."""
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - pathlib is not worth its import here
        return int(file.read().split()[0]) * resource.getpagesize()


def refuse_system_calls() -> bool:
    """Refuse everything but the calls above from now on; whether this system can."""
    known = _ALLOWED.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    program = _program(*known)
    code = ctypes.create_string_buffer(program)
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    filter_ = ctypes.create_string_buffer(header)
    control = ctypes.CDLL(None, use_errno=True).prctl
    if control(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(control(_SECCOMP, _FILTER, ctypes.byref(filter_), 0, 0) == 0)


def _program(architecture: int, allowed: tuple[int, ...]) -> bytes:
    """The filter: another architecture is killed, a listed call is allowed, any other refused."""
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    for number, call in enumerate(allowed):
        steps.append((_EQUAL, len(allowed) - number, 0, call))
    steps += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
