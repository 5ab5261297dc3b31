# SPDX-License-Identifier: GPL-2.0-or-later
"""Run by gdb (lab/lib/gdbwalk.sh): stop the guest at random moments, and ask
gdb and zunwind (lab/gdbwalk/walk.c) what each of its CPUs is doing.

Each walk gets one class; nothing is put right by hand. What differs is written
to differences.txt in the run's folder, frame by frame.
"""

import collections
import json
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import gdb  # noqa: E402
import frames as gdbs  # noqa: E402

RUN = os.environ["ZU_RUN"]
STOPS = int(os.environ["ZU_STOPS"])
PAUSE = (0.002, 0.03)   # seconds the guest runs
STEPS = 3               # at most: QEMU itself stops only between blocks
TYPES = {"async_stack": 2, "nodat_stack": 3, "restart_stack": 4,
         "mcck_stack": 5}
TRACE = {"ftrace_common", "ftrace_caller", "return_to_handler",
         "arch_rethook_trampoline", "arch_ftrace_ops_list_func"}
FAULT = {"do_dat_exception", "do_protection_exception", "do_exception"}


class Qmp:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.lines = self.socket.makefile("r", encoding="utf-8")
        self.lines.readline()
        self.call("qmp_capabilities")

    def call(self, command):
        self.socket.sendall(json.dumps({"execute": command}).encode())
        for line in self.lines:
            if "return" in json.loads(line):
                return


class Zunwind:
    def __init__(self, program, memory):
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(
            [program, memory], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        _, text, size = self.line().split()
        self.text, self.stack_size = int(text, 16), int(size, 16)

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("zunwind's walker ended")
        return line.rstrip("\n")

    def walk(self, cpu, regs):
        """Frames as (ip, sp, name, from), what was behind saved registers,
        and the end's reason"""
        size = self.stack_size
        stacks = [(1, cpu.base, cpu.base + size)]
        for name, top in cpu.tops.items():
            if top:
                begin = top & ~(size - 1)
                stacks.append((TYPES[name], begin, begin + size))
        words = [cpu.task, *regs, len(stacks)]
        for stack in stacks:
            words += stack
        print(*(f"{w:x}" for w in words), file=self.process.stdin, flush=True)
        frames, behind = [], []
        while True:
            word, *rest = self.line().split()
            if word == "end":
                return frames, behind, rest[0]
            if word == "behind":
                behind.append((len(frames) - 1, rest[0]))
                continue
            frames.append((int(rest[0], 16), int(rest[1], 16), rest[3],
                           rest[2]))


def plain(name):
    """As DWARF and the kernel's table both call it. Up to 6.12
    ftrace_graph_caller is a label inside ftrace_common. Where the linker
    script's markers meet, each takes another one."""
    if name == "ftrace_graph_caller":
        return "ftrace_common"
    if re.fullmatch(r"__\w+_(text|trampolines)_(start|end)", name):
        return "a marker"
    return re.sub(r"\.(constprop|isra|part|cold)\b.*", "", name)


def kind_of(names):
    """What the CPU is doing"""
    if "ext_int_handler" in names or "io_int_handler" in names:
        kind = "interrupt"
    elif "pgm_check_handler" in names:
        kind = "page fault" if FAULT & names else "program check"
    elif "system_call" in names:
        kind = "system call"
    elif any("idle" in n for n in names):
        kind = "idle"
    else:
        kind = "kernel thread"
    return kind


def is_ftrace_frame(ours, i):
    """The frame that ftrace makes for the traced function has a stack pointer
    of its own."""
    return i > 0 and plain(ours[i - 1][2]) == "ftrace_common"


def first_difference(gdb_frames, ours):
    """Index of the first frame that differs, and how; None"""
    for i, (ip, sp, name) in enumerate(gdb_frames):
        if i >= len(ours):
            return i, "missing"
        if plain(name) != plain(ours[i][2]):
            return i, "function"
        if ip != ours[i][0]:
            return i, "address"
        if sp != ours[i][1] and not is_ftrace_frame(ours, i):
            return i, "stack pointer"
    return None


def without_trampolines(gdb_frames, ours, trampolines):
    """A frame that shows a tracer's trampoline stands before its caller's, or
    in place of it: then gdb's word is taken for the caller"""
    kept = ours[:1]
    for i, frame in enumerate(ours[1:], 1):
        if frame[0] not in trampolines:
            kept.append(frame)
            continue
        theirs = gdb_frames[len(kept)] if len(kept) < len(gdb_frames) else None
        after = ours[i + 1][0] if i + 1 < len(ours) else None
        if theirs and theirs[1] == frame[1] and theirs[0] != after:
            kept.append((*theirs, frame[3]))
    return kept


def classify(gdb_frames, gdb_end, ours, behind, end, trampolines):
    """One class for a walk; those that start with "DIFFERENT" are to explain"""
    shown = ours
    ours = without_trampolines(gdb_frames, ours, trampolines)
    more = "" if shown == ours else \
        " but for a trampoline that a return probe's record holds"
    found = first_difference(gdb_frames, ours)
    if gdb_end == "assembler" and len(gdb_frames) == 1:
        return "not compared: stopped in assembler, where gdb has no CFI: " + \
            gdb_frames[0][2]
    if found:
        i, what = found
        unknown = [b for b in behind if b[0] < i]
        if unknown:
            return f"zunwind does not know: {unknown[0][1]}"
        return f"DIFFERENT: {what}"
    if gdb_end == "assembler":
        return "equal up to assembler, where gdb has no CFI: " + \
            gdb_frames[-1][2]
    if gdb_end == "lost" and behind:
        return f"neither knows: {behind[0][1]}"
    if gdb_end == "lost":
        return "DIFFERENT: gdb lost its way" \
            if len(ours) != len(gdb_frames) or end != "none" else \
            "equal (gdb has no end)"
    if len(ours) > len(gdb_frames):
        return "DIFFERENT: zunwind goes on"
    if end != "none":
        return f"DIFFERENT: zunwind's end is {end}"
    return "equal" + more


class Session:
    def __init__(self):
        self.random = random.Random(int(os.environ["ZU_SEED"]))
        self.qmp = Qmp(os.environ["ZU_QMP"])
        self.stopped = threading.Event()
        for command in ("set pagination off", "set confirm off",
                        "set print demangle off", "set height 0",
                        "set print frame-info short-location", "set width 0",
                        "set backtrace past-main on",
                        "set backtrace past-entry on",
                        "set backtrace limit 300",
                        f"file {os.environ['ZU_VMLINUX']}",
                        f"target remote {os.environ['ZU_GDB']}"):
            gdb.execute(command, to_string=True)
        self.zunwind = Zunwind(os.environ["ZU_WALKER"],
                               os.environ["ZU_MEMORY"])
        # the image may lie elsewhere than its vmlinux says (since 6.10)
        moved = self.zunwind.text - gdbs.number("&_stext")
        if moved:
            gdb.execute("symbol-file", to_string=True)
            gdb.execute(f"symbol-file {os.environ['ZU_VMLINUX']} -o "
                        f"{moved}", to_string=True)
        if gdbs.number("&_stext") != self.zunwind.text:
            raise RuntimeError("the kernel is not where its vmlinux is")
        self.add_modules()
        self.helper = gdbs.Helper()
        gdb.unwinder.register_unwinder(None, self.helper, replace=True)
        self.classes = collections.Counter()
        self.kinds = collections.Counter()
        self.equal = collections.Counter()
        self.tags = collections.Counter()
        self.skipped = collections.Counter()
        self.frames = self.stops = self.walks = 0
        # pylint: disable=consider-using-with
        self.log = open(f"{RUN}/differences.txt", "w", encoding="utf-8")
        self.out = open(f"{RUN}/summary.txt", "w", encoding="utf-8")

    def add_modules(self):
        with open(f"{RUN}/console.log", encoding="utf-8",
                  errors="replace") as console:
            for line in console:
                word = line.split()
                if len(word) == 3 and word[0] == "section":
                    gdb.execute(f"add-symbol-file {RUN}/modules/{word[1]}.ko "
                                f"{word[2]}", to_string=True)

    def stop_after(self, seconds):
        """Until it has stopped: on a busy machine gdb may not have let it go
        by then"""
        time.sleep(seconds)
        self.qmp.call("stop")
        while not self.stopped.wait(1):
            self.qmp.call("stop")

    def go(self):
        """On, for a random while, and a few instructions more"""
        self.helper.new_stop(None, None)
        self.stopped.clear()
        stopper = threading.Thread(target=self.stop_after,
                                   args=[self.random.uniform(*PAUSE)])
        stopper.start()
        gdb.execute("continue", to_string=True)
        self.stopped.set()
        stopper.join()
        threads = gdb.selected_inferior().threads()
        self.random.choice(threads).switch()
        try:
            for _ in range(self.random.randint(0, STEPS)):
                gdb.execute("stepi", to_string=True)
        except gdb.error:
            # It has stepped, and failed to find out where from.
            pass

    def look(self):
        """All CPUs"""
        self.stops += 1
        for thread in gdb.selected_inferior().threads():
            thread.switch()
            self.helper.new_stop(None, None)
            mask = gdbs.number("$pswm")
            if mask & gdbs.PSTATE:
                self.skipped["in user mode"] += 1
            elif not mask >> 58 & 1:
                self.skipped["without address translation"] += 1
            elif mask >> 49 & 1:
                self.skipped["waiting (idle)"] += 1
            else:
                self.try_compare(mask)

    def try_compare(self, mask):
        try:
            self.compare(mask)
        except (gdb.error, gdb.MemoryError) as error:
            self.walks += 1
            self.classes[f"DIFFERENT: gdb fails: {error}"] += 1
            print(f"stop {self.stops}: gdb fails: {error}", file=self.log)

    def compare(self, mask):
        regs = [mask, gdbs.number("$pswa")] + \
            [gdbs.number(f"$r{i}") for i in range(16)]
        cpu = gdbs.Cpu()
        ours, behind, end = self.zunwind.walk(cpu, regs)
        self.helper.new_stop(cpu, (regs[1], regs[17]))
        gdb.invalidate_cached_frames()
        frames, gdb_end = gdbs.walk(self.helper)
        result = classify(frames, gdb_end, ours, behind, end,
                          (self.helper.fgraph, self.helper.rethook))
        names = {f[2] for f in frames} | {f[2] for f in ours}
        kind = kind_of(names)
        self.walks += 1
        self.classes[result] += 1
        self.kinds[kind] += 1
        for tag in self.helper.used | ({"tracer's code"} if TRACE & names
                                       else set()):
            self.tags[tag] += 1
        if result.startswith("equal"):
            self.equal[kind] += 1
            self.frames += len(frames)
        elif not result.startswith("not compared"):
            self.report(result, cpu, frames, gdb_end, ours, behind, end)

    def report(self, result, cpu, frames, gdb_end, ours, behind, end):
        print(f"{result}: {cpu.comm}, stop {self.stops}", file=self.log)
        print(f"  gdb ({gdb_end}; {sorted(self.helper.used)})", file=self.log)
        for ip, sp, name in frames:
            print(f"    {ip:x} {sp:x} {name}", file=self.log)
        print(f"  zunwind ({end}; behind {behind})", file=self.log)
        for ip, sp, name, origin in ours:
            print(f"    {ip:x} {sp:x} {name} {origin}", file=self.log)
        self.log.flush()

    def enough(self):
        return sum(self.equal.values()) + sum(
            n for c, n in self.classes.items() if c.startswith("DIFF")
        ) >= STOPS

    def run(self):
        start = time.monotonic()
        while not self.enough():
            self.go()
            self.look()
            if self.stops % 100 == 0:
                print(f"{self.stops} stops, {self.walks} walks, "
                      f"{time.monotonic() - start:.0f} s", flush=True)
        return self.summary()

    def say(self, line):
        print(line, file=self.out)

    def summary(self):
        self.say(f"{self.stops} stops, {self.walks} walks of CPUs in the "
                 f"kernel, {self.frames} frames equal")
        for what, counter in (("skipped", self.skipped),
                              ("kind", self.kinds), ("on the way", self.tags),
                              ("result", self.classes)):
            for name, count in sorted(counter.items(),
                                      key=lambda item: -item[1]):
                equal = f" ({self.equal[name]} equal)"
                self.say(f"{what}: {count:6} {name}"
                         f"{equal if what == 'kind' else ''}")
        bad = sum(n for c, n in self.classes.items() if c.startswith("DIFF"))
        self.say(f"{bad} different")
        self.out.close()
        return bad == 0


def main():
    session = Session()
    try:
        return session.run()
    finally:
        session.qmp.call("quit")


STATUS = 2
try:
    STATUS = 0 if main() else 1
except Exception:  # pylint: disable=broad-except
    traceback.print_exc()
os._exit(STATUS)    # gdb would ask its target, which is gone
