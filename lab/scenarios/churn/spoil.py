#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Spoil a table in many ways, the same ones each time.

usage: spoil.py files TABLE DIR    a file each: NUMBER-raw-HOW is damaged, and
                                   NUMBER-crc-HOW has a checksum that is right again
       spoil.py changes TABLE      a line each: NAME PLACE OLD NEW OLD-CRC NEW-CRC,
                                   bytes as printf takes them
"""

import os
import random
import struct
import sys

HEADER = 32     # doc/table.md
OBJECT = 64
LENGTH_AT = 12
CRC = 4
WORDS = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff]


def crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82f63b78 if byte & 1 else 0)
        table.append(byte)
    return table


STEP = crc_table()


def crc32c(data, crc=0xffffffff):
    for byte in data:
        crc = STEP[(crc ^ byte) & 0xff] ^ crc >> 8
    return crc


def with_crc(body):
    return bytes(body) + struct.pack(">I", crc32c(body) ^ 0xffffffff)


def changed(body, place, new):
    return body[:place] + new + body[place + len(new):]


def places(rand, size, count):
    return sorted(rand.sample(range(size), min(count, size)))


def raw_files(rand, table):
    """Nothing is mended: none of them may be taken."""
    cuts = {0, 1, 7, 8, 11, 31, 32, 35, 36, 95, 96, len(table) - 4,
            len(table) - 1}
    for cut in sorted(cuts | set(places(rand, len(table), 40))):
        yield f"cut-{cut}", table[:cut]
    for place in places(rand, len(table), 80):
        bit = 1 << rand.randrange(8)
        yield (f"bit-{place}-{bit}",
               changed(table, place, bytes([table[place] ^ bit])))
    yield "longer", table + bytes(16)
    yield "twice", table + table
    yield "zeros", bytes(1 << 20)


def header_words(table):
    """Each number of the header and of the first object."""
    body = table[:-CRC]
    for place in range(8, HEADER + OBJECT, 4):
        old = struct.unpack_from(">I", body, place)[0]
        words = WORDS + [old + 1 & 0xffffffff, old - 1 & 0xffffffff]
        for word in sorted(set(words) - {old}):
            yield f"word-{place}-{word:x}", changed(body, place,
                                                   struct.pack(">I", word))


def crc_bodies(rand, table):
    """What a checksum does not tell."""
    body = table[:-CRC]
    yield from header_words(table)
    for cut in places(rand, len(body), 40):
        if cut >= HEADER:
            yield f"cut-{cut}", changed(body[:cut], LENGTH_AT,
                                        struct.pack(">I", cut + CRC))
    for place in places(rand, len(body), 160):
        bit = 1 << rand.randrange(8)
        yield (f"bit-{place}-{bit}",
               changed(body, place, bytes([body[place] ^ bit])))
    for place in places(rand, len(body), 60):
        byte = (body[place] + rand.randrange(1, 256)) & 0xff
        yield f"byte-{place}-{byte}", changed(body, place, bytes([byte]))


def write_files(path, folder):
    rand = random.Random(1)
    with open(path, "rb") as file:
        table = file.read()
    files = [("raw-" + name, data) for name, data in raw_files(rand, table)]
    files += [("crc-" + name, with_crc(body))
              for name, body in crc_bodies(rand, table)]
    # whoever has no time for all of them gets some of each kind
    rand.shuffle(files)
    for number, (name, data) in enumerate(files, 1):
        with open(os.path.join(folder, f"{number:03}-{name}"), "wb") as file:
            file.write(data)


def octal(data):
    return "".join(f"\\{byte:03o}" for byte in data)


def crc_after(table, place, flip):
    """A CRC is linear: of the change alone, xor the one before."""
    crc = crc32c(bytes(len(table) - CRC - place - 1), STEP[flip])
    return struct.pack(">I", struct.unpack(">I", table[-CRC:])[0] ^ crc)


def print_changes(path):
    rand = random.Random(2)
    with open(path, "rb") as file:
        table = file.read()
    head = HEADER + 2 * OBJECT
    near = places(rand, head, 16)
    far = [place + head for place in places(rand, len(table) - CRC - head, 48)]
    for place in rand.sample(near + far, len(near + far)):
        flip = 1 << rand.randrange(8)
        old, new = table[place], table[place] ^ flip
        for kind, crc in (("raw", table[-CRC:]),
                          ("crc", crc_after(table, place, flip))):
            print(f"{kind}-bit-{place}-{flip}", place, octal([old]),
                  octal([new]), octal(table[-CRC:]), octal(crc))


def main(argv):
    if argv[1:2] == ["files"] and len(argv) == 4:
        write_files(argv[2], argv[3])
    elif argv[1:2] == ["changes"] and len(argv) == 3:
        print_changes(argv[2])
    else:
        sys.exit(__doc__)


main(sys.argv)
