#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Seeds of the fuzz targets of image/, and those of walks with code, into
tests/fuzz/corpus/.

usage: tests/make/mkseeds.py [FOLDER]
"""
import os
import struct
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fuzz")
PAGE = 4096


def pattern(addr, size):
    return bytes((i ^ i >> 6) & 255 for i in range(addr, addr + size))


def note(name, desc, kind=0):
    def pad(b):
        return b + bytes(-len(b) % 4)

    return struct.pack(">III", len(name), len(desc), kind) + pad(name) + pad(desc)


def phdr(kind, offset, paddr, filesz, memsz=None, vaddr=0):
    return struct.pack(">IIQQQQQQ", kind, 0, offset, vaddr, paddr, filesz,
                       filesz if memsz is None else memsz, 0)


def elf(phnum, phoff=64, shoff=0, ehsize=64):
    return b"\177ELF\2\2\1".ljust(16, b"\0") + struct.pack(
        ">HHIQQQIHHHHHH", 4, 22, 1, 0, phoff, shoff, 0, ehsize, 56, phnum, 64, 0, 0)


def elf_seeds():
    notes = note(b"CORE\0", bytes(16), 1) + note(b"VMCOREINFO\0", b"OSRELEASE=6.12\n")
    body = 64 + 3 * 56
    yield "vmcore", (elf(3) + phdr(4, body, 0, len(notes))
                     + phdr(1, body + len(notes), 0, 64)
                     + phdr(1, body + len(notes) + 32, 48, 32, 4096, 1 << 41)
                     + notes + pattern(0, 64))
    yield "qemu", (elf(2, 0xc0, 64, 8).ljust(0xc0, b"\0")
                   + phdr(4, 0x130, 0, 20) + phdr(1, 0x150, 0, 4096 + 7)
                   + note(b"CORE\0", b"", 1).ljust(0x20, b"\0") + pattern(0, 4096 + 7))
    # as many as the header can't say: too large for a seed, so it is truncated
    yield "many", elf(0xffff, 128, 64) + bytes(44) + struct.pack(">I", 0x10000) + bytes(16)
    yield "cut", elf(1) + phdr(1, 120, (1 << 64) - 16, 16) + pattern(0, 15)


def kdump():
    head = bytearray(5 * PAGE)
    head[0:8] = b"KDUMP   "
    struct.pack_into(">i", head, 8, 6)
    head[272:278] = b"s390x\0"
    struct.pack_into(">iiII", head, 428, PAGE, 1, 2, 9)
    struct.pack_into(">Q", head, PAGE + 96, 9)
    head[2 * PAGE:2 * PAGE + 2] = b"\xff\x01"
    head[3 * PAGE] = 0x41
    struct.pack_into(">QIIQ", head, 4 * PAGE, 5 * PAGE, 8, 1, 0)
    struct.pack_into(">QIIQ", head, 4 * PAGE + 24, 5 * PAGE, 8, 32, 0)
    return bytes(head[:4 * PAGE + 48]).ljust(5 * PAGE, b"\0") + bytes(8)


def alone():
    head = struct.pack(">QIIIIQQQII", 0xa8190173618f23fd, 4, PAGE, 4, PAGE,
                       PAGE, 0, PAGE, 1, 0)
    return (head + struct.pack(">QQI", 1, 0, 2)).ljust(PAGE, b"\0") + bytes(
        PAGE) + b"DUMP_END" + struct.pack(">Q", 2)


def flat():
    return (b"makedumpfile".ljust(16, b"\0") + struct.pack(">QQ", 1, 1)).ljust(
        PAGE, b"\0") + struct.pack(">QQ", 0, 16) + bytes(16) + b"\xff" * 16


def kdump_seeds():
    yield "kdump", kdump()
    yield "alone", alone()
    yield "flat", flat()


def xlat_seeds():
    """Storage of one page: each table is all of it, each index 0 or 16."""
    def storage(entries):
        page = bytearray(PAGE)
        for index, entry in entries.items():
            struct.pack_into(">Q", page, index * 8, entry)
        return bytes(page)

    def seed(asce, virt, entries, prefix=(1 << 64) - 1):
        return struct.pack(">QQQQ", asce, virt, prefix, 5000) + storage(entries)

    tables = {1: 0xf, 2: 0xb, 3: 0x7, 4: 0, 5: 0x3000}
    virt = 1 << 53 | 2 << 42 | 3 << 31 | 4 << 20 | 5 << 12 | 8
    yield "five-levels", seed(0xf, virt, tables)
    yield "three-levels", seed(0x7, virt & (1 << 42) - 1, tables)
    yield "prefix", seed(0xb, virt & (1 << 53) - 1, {**tables, 5: 0x1000}, 0x8000)
    yield "segment-frame", seed(0x3, 4 << 20 | 0x1234, {4: 0x700400})
    yield "region-frame", seed(0x7, 3 << 31 | 0x1234, {3: 0x180000404})
    yield "real-space", seed(0x20, 0x8010, {}, 0x8000)
    yield "wrong-type", seed(0x7, 3 << 31, {3: 0xb})


def walk_seeds():
    """Walks by rows, as tests/fuzz/fuzz_walk.c reads them."""
    def frame(func, cfa, ra=1):
        """ra: 0 in r14, 1 in its slot"""
        return bytes([func, 1 | ra << 3, 15, cfa // 8, 253 if ra else 0, 0])

    def regs(func):
        return bytes([func, 2, 0, 160 // 8, 0, 0])

    def call(func, offset, target):
        """target: a function, 0x80 the switch, None: whatever a register had"""
        kind = 0x20 if target is None else 0x10
        return bytes([func | kind, offset, target or 0])

    def text(func, offset):
        return struct.pack(">BH", 1, 0x1000 + func * 0x100 + offset)

    def stack(offset):
        return struct.pack(">BH", 6, offset)

    def seed(ksp, rows, calls, words):
        memory = b"".join(words.get(at, bytes(3)) for at in range(0, 1024, 8))
        return (struct.pack(">BBHBBB", 0x40, 0, ksp, 0, 0, 0)
                + bytes([len(rows) | len(calls) << 4])
                + b"".join(rows) + b"".join(calls) + memory)

    yield "called", seed(
        256, [frame(1, 320), frame(2, 408), regs(3)],
        [call(1, 16, 0x80), call(2, 32, 1), call(3, 32, None)],
        {392: text(1, 16), 408: stack(416), 552: text(2, 32), 568: stack(664),
         800: text(3, 32)})
    for name, ra in ("through", 1), ("through-leaf", 0):
        yield name, seed(
            0, [regs(1), frame(4, 464, ra), regs(5)],
            [call(1, 16, 0x80), call(5, 32, 4)],
            {136: text(1, 16),
             168: bytes([5]) + struct.pack(">Q", 0x0400000180000000),
             176: text(4, 64), 296: text(5, 32), 304: stack(360),
             800: text(5, 32)})


def main():
    top = sys.argv[1] if len(sys.argv) > 1 else os.path.join(TOP, "corpus")
    for target, seeds in (("elf", elf_seeds()), ("kdump", kdump_seeds()),
                          ("xlat", xlat_seeds()), ("walk", walk_seeds())):
        os.makedirs(os.path.join(top, target), exist_ok=True)
        for name, data in seeds:
            with open(os.path.join(top, target, name), "wb") as out:
                out.write(data)


main()
