#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run by lab/lib/gdb.sh: zunwind over a guest's gdb server.

usage: gdbcheck.py ZUNWIND QMP GDB RUN SECONDS ROUNDS

QEMU itself tells, by events, when the guest stood still. Checked is that it says the
same as a dump of the same stopped moment, and that the guest goes on afterwards,
also where zunwind is ended by a signal.
"""

import json
import os
import random
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time

ZUNWIND, QMP, GDB, RUN = sys.argv[1:5]
SECONDS, ROUNDS = float(sys.argv[5]), int(sys.argv[6])
CONSOLE = RUN + "/console.log"
SOURCE = "gdb:" + GDB


class Qmp:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.lines = self.socket.makefile("r", encoding="utf-8")
        self.lines.readline()
        self.events = []
        self.call("qmp_capabilities")

    def call(self, command, **arguments):
        self.socket.sendall(json.dumps(
            {"execute": command, "arguments": arguments}).encode())
        for line in self.lines:
            reply = json.loads(line)
            if "event" in reply:
                stamp = reply["timestamp"]
                self.events.append((reply["event"], stamp["seconds"] +
                                    stamp["microseconds"] / 1e6))
            elif "error" in reply:
                sys.exit(f"{command}: {reply['error']['desc']}")
            elif "return" in reply:
                return reply["return"]
        sys.exit("QEMU is gone")

    def stops(self):
        """How long each stop was, of those that are over"""
        self.call("query-status")
        events, self.events = self.events, []
        return [after[1] - event[1]
                for event, after in zip(events, events[1:])
                if event[0] == "STOP" and after[0] == "RESUME"]


def ticks():
    try:
        with open(CONSOLE, encoding="utf-8", errors="replace") as console:
            return len(re.findall(r"^tick \d+\r?$", console.read(), re.M))
    except FileNotFoundError:
        return 0


def check(good, name):
    print("ok  " if good else "FAIL", name, flush=True)
    if not good:
        sys.exit(1)


def goes_on(qmp, name):
    before, end = ticks(), time.monotonic() + 60
    while ticks() < before + 3 and time.monotonic() < end:
        time.sleep(0.1)
    status = qmp.call("query-status")["status"]
    check(status == "running" and ticks() >= before + 3,
          f"{name}: the guest goes on ({status}, {ticks() - before} lines)")


def zunwind(*args):
    return subprocess.run([ZUNWIND, *args], capture_output=True, check=False)


def figures(qmp, rules):
    looks, longest, walls = [], [], []
    for _ in range(ROUNDS):
        qmp.stops()
        begin = time.monotonic()
        result = zunwind("stacks", "--rules", rules, SOURCE)
        walls.append(time.monotonic() - begin)
        stops = qmp.stops()
        check(result.returncode in (0, 1) and len(stops) > 1,
              f"stacks --rules {rules}")
        looks.append(stops[-1])
        longest.append(max(stops[:-1]))
        tasks = result.stdout.decode().splitlines()[-1]
    load = os.getloadavg()[0]
    ms = [" ".join(f"{1000 * x:.0f}" for x in sorted(part))
          for part in (looks, longest)]
    print(f"     {tasks}; load {load:.1f}\n"
          f"     stopped for the look: {ms[0]} ms\n"
          f"     longest stop before it: {ms[1]} ms; all in all "
          f"{min(walls):.1f} to {max(walls):.1f} s", flush=True)


def relay(listener, before_end):
    """Between zunwind and QEMU: call before_end() when zunwind is done, while
    the guest still stands still"""
    client, _ = listener.accept()
    server = socket.socket(socket.AF_UNIX)
    server.connect(GDB)
    while True:
        for side in select.select([client, server], [], [])[0]:
            data = side.recv(65536)
            if not data:
                client.close()
                server.close()
                return
            if side is client and b"$D#44" in data:
                before_end()
            (server if side is client else client).sendall(data)


def at_one_moment(qmp, dump, *args):
    """Run zunwind; a dump of the guest as it stood still for that"""
    path = GDB + ".relay"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(1)
        thread = threading.Thread(target=relay, args=(listener, lambda: qmp.call(
            "dump-guest-memory", paging=False, protocol="file:" + dump)))
        thread.start()
        result = zunwind(*args, "gdb:" + path)
        thread.join()
    os.unlink(path)
    return result


def same_moment(qmp):
    dump, capture = RUN + "/dump.elf", RUN + "/capture.zuc"
    got = at_one_moment(qmp, dump, "stacks")
    want = zunwind("stacks", dump)
    check(want.returncode < 2 and (want.returncode, want.stdout) ==
          (got.returncode, got.stdout), "stacks: as a dump of the same moment")
    goes_on(qmp, "stacks")
    made = at_one_moment(qmp, dump, "capture", "-o", capture)
    want, got = zunwind("stacks", dump), zunwind("stacks", capture)
    check(made.returncode == 0 and want.stdout == got.stdout,
          "capture: as a dump of the same moment")
    goes_on(qmp, "capture")
    os.unlink(dump)


def signals(qmp):
    chance = random.Random(1)
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        # pylint: disable=consider-using-with
        child = subprocess.Popen([ZUNWIND, "stacks", SOURCE],
                                 stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(0, 1.5))
        child.send_signal(getattr(signal, name))
        child.wait()
        goes_on(qmp, name)


def main():
    qmp = Qmp(QMP)
    end = time.monotonic() + SECONDS
    while ticks() < 3:
        if time.monotonic() > end:
            sys.exit("the guest does not tick")
        time.sleep(0.2)
    figures(qmp, "strict")
    figures(qmp, "kernel")
    goes_on(qmp, "figures")
    same_moment(qmp)
    signals(qmp)


main()
