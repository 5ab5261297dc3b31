#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers what a guest asks on its console (lab/guest/ask.sh), until it is ended.

usage: answer.py QMP GDB RUN

A line "ask: NUMBER gdb" wants to know what `zunwind transition` says by QEMU's gdb
server, "ask: NUMBER dump" what it says of a dump of the guest as it runs. The answer
goes to the guest's disk: "NUMBER STATUS LENGTH", and from 4096 on the JSON, or the
error. What was answered stays in RUN/answers/. $ZUNWIND is the program.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from qmp import Qmp

REPO = Path(__file__).resolve().parent.parent.parent
QUESTION = re.compile(rb"^ask: (\d+) (gdb|dump)\r?\n", re.M)
HEADER = 4096


def zunwind(source):
    command = os.environ.get("ZUNWIND", str(REPO / "build/zunwind"))
    done = subprocess.run(
        [command, "transition", "--format", "json", source],
        capture_output=True, check=False, timeout=300)
    return done.returncode, done.stdout + done.stderr


class Answers:
    def __init__(self, qmp, gdb, run):
        self.qmp, self.gdb, self.run = Qmp(qmp), gdb, Path(run)
        (self.run / "answers").mkdir(exist_ok=True)

    def look(self, what):
        if what == "gdb":
            return zunwind("gdb:" + self.gdb)
        dump = self.run / "answers/dump.elf"
        self.qmp.call("dump-guest-memory", paging=False,
                      protocol=f"file:{dump.resolve()}")
        try:
            return zunwind(str(dump))
        finally:
            dump.unlink()

    def answer(self, number, what):
        status, text = self.look(what)
        if self.qmp.status() != "running":
            status, text = 2, b"the guest does not go on\n"
        (self.run / f"answers/{number}-{what}.json").write_bytes(text)
        head = f"{number} {status} {len(text)}\n".encode()
        with open(self.run / "disk.img", "r+b") as disk:
            disk.seek(HEADER)
            disk.write(text)
            # the head says that the rest is there
            disk.flush()
            disk.seek(0)
            disk.write(head.ljust(HEADER, b"\0"))


def main(argv):
    if len(argv) != 4:
        sys.exit(__doc__)
    answers, done = Answers(*argv[1:]), 0
    while True:
        try:
            console = (answers.run / "console.log").read_bytes()
        except FileNotFoundError:
            console = b""
        for number, what in QUESTION.findall(console):
            if int(number) > done:
                done = int(number)
                answers.answer(done, what.decode())
        time.sleep(0.1)


try:
    main(sys.argv)
except (OSError, RuntimeError, subprocess.TimeoutExpired) as problem:
    sys.exit(f"lab: answers: {problem}")
