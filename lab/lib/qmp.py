#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Talk QMP to one guest of the lab.

usage: qmp.py freeze SOCKET CONSOLE SECONDS [pauses]   wait until the guest is
                                              frozen; with pauses it may stand still
                                              now and then before
       qmp.py dump SOCKET FILE [FORMAT]       its memory as an ELF core, or as kdump-zlib
       qmp.py restart SOCKET                  go on, by way of the restart key
       qmp.py await SOCKET CONSOLE SECONDS MARK   wait for that mark
       qmp.py quit SOCKET
"""

import json
import os
import socket
import sys
import time

# How QEMU calls it that somebody else lets the guest stand still: its gdb server,
# or a dump
PAUSES = ("debug", "paused")


class Qmp:
    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.sock.connect(path)
        except OSError as error:
            raise RuntimeError(f"QEMU is gone: {error}") from error
        self.lines = self.sock.makefile("r", encoding="utf-8")
        self.lines.readline()  # the greeting
        self.call("qmp_capabilities")

    def call(self, command, **arguments):
        request = {"execute": command, "arguments": arguments}
        self.sock.sendall(json.dumps(request).encode())
        for line in self.lines:
            reply = json.loads(line)
            if "error" in reply:
                raise RuntimeError(f"{command}: {reply['error']['desc']}")
            if "return" in reply:
                return reply["return"]
        raise RuntimeError(f"{command}: QEMU is gone")

    def status(self):
        return self.call("query-status")["status"]


def console_marks(path):
    """The marks that guest/init has printed, and a kernel's last words: whole
    lines."""
    try:
        with open(path, encoding="utf-8", errors="replace") as console:
            return [line.strip() for line in console if line.endswith("\n")
                    and (line.startswith("ZU-") or "Kernel panic" in line)]
    except FileNotFoundError:
        return []


def console_mark(path):
    """The first of them."""
    return (console_marks(path) or [""])[0]


def freeze(qmp, console, seconds, pauses):
    """Return once the guest stands still at a mark; else say why it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status = qmp.status()
        mark = console_mark(console)
        if mark.startswith("ZU-READY"):
            qmp.call("stop")
            return
        if mark.startswith("ZU-FAIL") or "Kernel panic" in mark:
            raise RuntimeError(mark)
        if status == "guest-panicked" and mark.startswith("ZU-FREEZE"):
            return
        if status != "running" and status not in pauses:
            raise RuntimeError(f"guest is {status} without a mark on its console")
        time.sleep(0.1)
    raise RuntimeError(f"no answer within {seconds} s")


def dump(qmp, path, kind="elf"):
    qmp.call("dump-guest-memory", paging=False, format=kind,
             protocol="file:" + os.path.abspath(path))


def restart(qmp):
    """The PSW restart key: what a kernel does on it is its own choice, and
    starting the crash kernel is the default (Documentation/arch/s390)."""
    qmp.call("cont")
    qmp.call("inject-nmi")


def wait_for_mark(qmp, console, seconds, mark):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status = qmp.status()
        for line in console_marks(console):
            if line.startswith(mark):
                return
            if not line.startswith("ZU-FREEZE"):
                raise RuntimeError(line)
        if status != "running":
            raise RuntimeError(f"guest is {status} before it printed {mark}")
        time.sleep(0.1)
    raise RuntimeError(f"no {mark} within {seconds} s")


def main(argv):
    try:
        command, path = argv[1:3]
        qmp = Qmp(path)
        if command == "freeze":
            freeze(qmp, argv[3], float(argv[4]),
                   PAUSES if argv[5:6] == ["pauses"] else ())
        elif command == "dump":
            dump(qmp, argv[3], *argv[4:5])
        elif command == "restart":
            restart(qmp)
        elif command == "await":
            wait_for_mark(qmp, argv[3], float(argv[4]), argv[5])
        elif command == "quit":
            qmp.call("quit")
        else:
            raise ValueError(command)
    except (ValueError, IndexError):
        sys.exit(__doc__)
    except (OSError, RuntimeError) as error:
        sys.exit(f"lab: guest: {error}")


if __name__ == "__main__":
    main(sys.argv)
