#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write an ELF dump of s390x in another format, page by page.

usage: tests/make/mkkdump.py [--drop N] FORMAT DUMP.elf OUT

FORMAT:
  kdump    kdump-compressed, as makedumpfile -c writes it: pages compressed by
           zlib where that makes them smaller, all pages of zeros the same one
  raw      the same without compression
  flat     kdump, flattened, as makedumpfile -F and QEMU write it
  alone    s390 stand-alone dump

--drop N leaves every N-th page out of a kdump, as filtering does.

Only what a reader needs is written. The formats are described in
image/kdump_check.c.
"""
import argparse
import struct
import zlib

PAGE = 4096
ZEROS = bytes(PAGE)


def segments(src):
    """(address, offset, size) of the memory in an ELF file, by address"""
    head = src.read(64)
    if head[:6] != b"\177ELF\2\2" or head[16:20] != b"\0\4\0\x16":
        raise SystemExit("not an ELF dump of s390x")
    phoff, = struct.unpack_from(">Q", head, 32)
    phnum, = struct.unpack_from(">H", head, 56)
    src.seek(phoff)
    table = src.read(phnum * 56)
    found = []
    for i in range(phnum):
        kind, _, offset, _, paddr, size = struct.unpack_from(">IIQQQQ", table, i * 56)
        if kind == 1 and size:
            if paddr % PAGE or size % PAGE:
                raise SystemExit("a segment is not made of whole pages")
            found.append((paddr, offset, size))
    return sorted(found)


def pages(src, found):
    """(page frame number, contents)"""
    for paddr, offset, size in found:
        src.seek(offset)
        for addr in range(paddr, paddr + size, PAGE):
            yield addr // PAGE, src.read(PAGE)


class Bitmap:
    def __init__(self, count):
        blocks = (count + 8 * PAGE - 1) // (8 * PAGE)
        self.bytes = bytearray(blocks * PAGE)

    def set(self, pfn):
        self.bytes[pfn // 8] |= 1 << pfn % 8


class Plain:
    """Pieces of a file, each at its place"""
    def __init__(self, out):
        self.out = out

    def put(self, offset, data):
        self.out.seek(offset)
        self.out.write(data)

    def end(self):
        pass


class Flat:
    """Pieces of a file, one behind the other, each with its place"""
    def __init__(self, out):
        self.out = out
        out.write((b"makedumpfile".ljust(16, b"\0")
                   + struct.pack(">QQ", 1, 1)).ljust(PAGE, b"\0"))

    def put(self, offset, data):
        self.out.write(struct.pack(">QQ", offset, len(data)) + data)

    def end(self):
        self.out.write(b"\xff" * 16)


def headers(count, bitmap_blocks):
    head = bytearray(2 * PAGE)
    head[:8] = b"KDUMP   "
    struct.pack_into(">i", head, 8, 6)
    for i, text in enumerate((b"Linux", b"host", b"release", b"version", b"s390x")):
        head[12 + i * 65:12 + i * 65 + len(text)] = text
    struct.pack_into(">I", head, 424, 1)        # compressed by zlib
    struct.pack_into(">iiII", head, 428, PAGE, 1, bitmap_blocks, min(count, 0xffffffff))
    struct.pack_into(">i", head, PAGE + 8, 31)  # dump_level
    struct.pack_into(">Q", head, PAGE + 96, count)
    return bytes(head)


def write_kdump(src, out, drop, compress):
    found = segments(src)
    count = max(paddr + size for paddr, _, size in found) // PAGE
    exist, dumped = Bitmap(count), Bitmap(count)
    kept = 0
    for paddr, _, size in found:
        for pfn in range(paddr // PAGE, (paddr + size) // PAGE):
            exist.set(pfn)
            if not drop or pfn % drop:
                dumped.set(pfn)
                kept += 1

    blocks = 2 * len(exist.bytes) // PAGE
    out.put(0, headers(count, blocks))
    out.put(2 * PAGE, bytes(exist.bytes + dumped.bytes))
    desc = (2 + blocks) * PAGE
    at = desc + kept * 24
    descs = bytearray()
    zeros = None
    for pfn, page in pages(src, found):
        if drop and pfn % drop == 0:
            continue
        if page == ZEROS and zeros:
            descs += zeros
            continue
        packed = zlib.compress(page, 1) if compress else page
        flags = int(len(packed) < PAGE)
        data = packed if flags else page
        descs += struct.pack(">QIIQ", at, len(data), flags, 0)
        if page == ZEROS:
            zeros = bytes(descs[-24:])
        out.put(at, data)
        at += len(data)
    out.put(desc, bytes(descs))
    out.end()


def write_alone(src, out):
    found = segments(src)
    size = max(paddr + size for paddr, _, size in found)
    head = struct.pack(">QIIIIQQQII", 0xa8190173618f23fd, 5, PAGE, 4, PAGE,
                       size, 0, size, size // PAGE, 0)
    head += struct.pack(">QQI", 1, 0, 2)
    out.write(head.ljust(PAGE, b"\0"))
    for pfn, page in pages(src, found):
        out.seek((1 + pfn) * PAGE)
        out.write(page)
    out.seek(PAGE + size)
    out.write(b"DUMP_END" + struct.pack(">Q", 2))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("format", choices=("kdump", "raw", "flat", "alone"))
    parser.add_argument("dump")
    parser.add_argument("out")
    parser.add_argument("--drop", type=int, default=0, metavar="N")
    args = parser.parse_args()

    with open(args.dump, "rb") as src, open(args.out, "wb") as out:
        if args.format == "alone":
            write_alone(src, out)
        else:
            write_kdump(src, Flat(out) if args.format == "flat" else Plain(out),
                        args.drop, args.format != "raw")


main()
