#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make of QEMU's dump of s390x what the kernel's own /proc/vmcore would be.

usage: vmcore.py DUMP VMCORE

makedumpfile and zgetdump do not read what QEMU 7.2 writes: its ELF header is
broken, and it has no VMCOREINFO note. The result has both, and virtual
addresses, as elfcorehdr_alloc() of arch/s390/kernel/crash_dump.c gives them.
"""

import mmap
import struct
import sys

EHDR = struct.Struct(">16sHHIQQQIHHHHHH")
PHDR = struct.Struct(">IIQQQQQQ")
NHDR = struct.Struct(">III")
PT_LOAD, PT_NOTE = 1, 4
LC_VMCORE_INFO = 0xe0c
PAGE = 4096
CHUNK = 1 << 20


class Dump:
    """Notes and memory of QEMU's dump: only its program headers count."""

    def __init__(self, file):
        self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.notes, self.memory = b"", []
        phoff, = struct.unpack_from(">Q", self.data, 32)
        phnum, = struct.unpack_from(">H", self.data, 56)
        for i in range(phnum):
            kind, _, offset, _, paddr, size, _, _ = PHDR.unpack_from(
                self.data, phoff + i * PHDR.size)
            if kind == PT_NOTE:
                self.notes += self.data[offset:offset + size]
            elif kind == PT_LOAD:
                self.memory.append((paddr, size, offset))

    def read(self, addr, size):
        for paddr, length, offset in self.memory:
            if paddr <= addr <= paddr + length - size:
                at = offset + addr - paddr
                return self.data[at:at + size]
        raise ValueError(f"no memory at {addr:#x}")

    def vmcoreinfo(self):
        note, = struct.unpack(">Q", self.read(LC_VMCORE_INFO, 8))
        name_len, size, _ = NHDR.unpack(self.read(note, NHDR.size))
        return self.read(note + NHDR.size + (name_len + 3 & ~3), size)


def image_segment(info):
    """(virtual, physical, size) of the kernel's image, where it is mapped
    apart (since 6.10). VMCOREINFO does not say where it ends: a symbol of
    its last part, rounded up, does."""
    keys = dict(line.split("=", 1)
                for line in info.decode("ascii").split("\n") if "=" in line)
    if "KERNELOFFPHYS" not in keys:
        return None
    start = int(keys["KERNELOFFSET"], 16)
    end = max(int(value, 16) for key, value in keys.items()
              if key.startswith("SYMBOL(") and int(value, 16) >= start)
    return start, int(keys["KERNELOFFPHYS"], 16), end + CHUNK - start & -CHUNK


def headers(dump):
    """All that is before the memory, and where each piece of memory goes."""
    info = dump.vmcoreinfo()
    notes = dump.notes + NHDR.pack(11, len(info), 0) + b"VMCOREINFO\0\0" + info
    image = image_segment(info)
    count = 1 + (image is not None) + len(dump.memory)
    start = EHDR.size + count * PHDR.size
    end = place = start + len(notes) + PAGE - 1 & -PAGE
    loads = []
    for paddr, size, _ in dump.memory:
        loads.append(PHDR.pack(PT_LOAD, 7, place, paddr, paddr, size, size,
                               PAGE))
        if image and paddr <= image[1] < paddr + size:
            loads.insert(0, PHDR.pack(PT_LOAD, 7, place + image[1] - paddr,
                                      *image[:2], image[2], image[2], PAGE))
        place += size
    ident = b"\x7fELF\x02\x02\x01".ljust(16, b"\0")
    head = EHDR.pack(ident, 4, 22, 1, 0, EHDR.size, 0, 0, EHDR.size,
                     PHDR.size, count, 0, 0, 0)
    head += PHDR.pack(PT_NOTE, 0, start, 0, 0, len(notes), len(notes), 4)
    return (head + b"".join(loads) + notes).ljust(end, b"\0")


def write(dump, out):
    out.write(headers(dump))
    for _, size, offset in dump.memory:
        for at in range(offset, offset + size, CHUNK):
            data = dump.data[at:min(at + CHUNK, offset + size)]
            if data.count(0) == len(data):
                out.seek(len(data), 1)
            else:
                out.write(data)
    out.truncate()


def main(argv):
    if len(argv) != 3:
        sys.exit(__doc__)
    with open(argv[1], "rb") as file, open(argv[2], "wb") as out:
        write(Dump(file), out)


main(sys.argv)
