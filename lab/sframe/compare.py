#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows of SFrame sections, as readelf --sframe prints them, against others.

    compare.py gas OURS THEIRS ROWS NM      against the assembler's own section
    compare.py table OURS DUMP BASE         against the rows of our table

OURS, THEIRS: output of readelf --sframe. ROWS: output of `rows -a` (lab/rows)
for the same code, which tells from the instructions why a row of ours and one
of the compiler's differ. NM: names and addresses of functions. DUMP: output
of `zunwind table --dump` for a table of one object, whose text begins at BASE.

Prints counts of instructions' halfwords, and what is different; the last line
is a sum. Exit status: 0 if nothing differs that is not explained.
"""
import collections
import re
import sys

NOTHING = None
FUNCTION = re.compile(r'\s+func idx \[\d+\]: pc = 0x([0-9a-f]+), '
                      r'size = (\d+) bytes')
ROW = re.compile(r'\s+([0-9a-f]{16})\s+(\S+)\s+(\S+)\s+(\S+)\s*$')
END = re.compile(r'\s+([0-9a-f]{16})\s+RA undefined')
NUMBERS = re.compile(r'\s+Num (FDEs|FREs): (\d+)')


def place(text):
    """u and U: unchanged. r1+0: in a register. c-48: in the frame."""
    return text.lower().removesuffix('+0') if text[0] == 'r' else text.lower()


def read_sframe(path):
    """pieces (start, end, rule), functions (start, end)"""
    functions, rows, said = [], [], {}
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            if match := FUNCTION.match(line):
                start = int(match[1], 16)
                functions.append((start, start + int(match[2])))
                rows.append([])
            elif match := ROW.match(line):
                rows[-1].append((int(match[1], 16),
                                 (match[2], place(match[4]), place(match[3]))))
            elif match := END.match(line):
                rows[-1].append((int(match[1], 16), 'end'))
            elif match := NUMBERS.match(line):
                said[match[1]] = int(match[2])
    if said != {'FDEs': len(functions), 'FREs': sum(map(len, rows))}:
        sys.exit(f'{path}: header says {said}, there are {len(functions)} '
                 f'functions, {sum(map(len, rows))} rows')
    pieces = []
    for (start, end), own in zip(functions, rows):
        if not own or own[0][0] != start or own[-1][0] >= end:
            sys.exit(f'{path}: rows of {start:#x} are not in it')
        ends = [addr for addr, _ in own[1:]] + [end]
        pieces += [(addr, to, rule) for (addr, rule), to in zip(own, ends)]
    pieces.sort(key=lambda piece: piece[0])
    for one, two in zip(pieces, pieces[1:]):
        if one[0] >= one[1] or one[1] > two[0]:
            sys.exit(f'{path}: rows at {two[0]:#x} overlap')
    return pieces, functions


def sweep(*sides):
    """(start, end, what each side says there) wherever one says something"""
    edges = sorted({edge for pieces in sides
                    for piece in pieces for edge in piece[:2]})
    at = [0] * len(sides)
    for start, end in zip(edges, edges[1:]):
        found = []
        for side, pieces in enumerate(sides):
            while at[side] < len(pieces) and pieces[at[side]][1] <= start:
                at[side] += 1
            here = at[side] < len(pieces) and pieces[at[side]][0] <= start
            found.append(pieces[at[side]][2] if here else NOTHING)
        if any(said is not NOTHING for said in found):
            yield start, end, *found


def read_reasons(rows, nm):
    """(start, end, why) from rows -a"""
    addr = {}
    with open(nm, encoding='utf-8') as lines:
        for line in lines:
            words = line.split()
            if len(words) == 3:
                addr[words[2]] = int(words[0], 16)
    reasons = []
    with open(rows, encoding='utf-8') as lines:
        for line in lines:
            match = re.match(r'# (.*): (\S+)\+0x([0-9a-f]+), '
                             r'0x([0-9a-f]+) bytes', line)
            if match and not match[1].startswith('different'):
                start = addr[match[2]] + int(match[3], 16)
                reasons.append((start, start + int(match[4], 16), match[1]))
    return sorted(reasons)


def show(start, ours, theirs):
    print(f'# at {start:#x}: ours {ours or "nothing"}, theirs '
          f'{theirs or "nothing"}')


def against_gas(path, other, rows, nm):
    ours, _ = read_sframe(path)
    theirs, functions = read_sframe(other)
    reasons = read_reasons(rows, nm)
    inside = collections.Counter()
    unlike = set()
    bad = 0
    for start, end, our, their, why in sweep(ours, theirs, reasons):
        if our == their:
            inside['equal'] += (end - start) // 2
            continue
        if their is NOTHING:
            why = 'theirs has no function there'
        else:
            unlike |= {f for f in functions if f[0] <= start < f[1]}
        if why is None:
            bad += 1
            show(start, our, their)
        inside[why or 'different, not explained'] += (end - start) // 2
    for why, count in sorted(inside.items()):
        print(f'{count} {why}')
    print(f'{len(functions)} functions, {len(functions) - len(unlike)} equal, '
          f'{len(unlike)} explained, {bad} places not explained')
    return bad == 0


def read_dump(path, base):
    """pieces of what SFrame can say, and counts of what it can't"""
    rows, unsaid = [], collections.Counter()
    with open(path, encoding='utf-8') as lines:
        size = int(re.search(r'(\d+) bytes of text', next(lines))[1])
        for line in lines:
            offset, rule = line.split(None, 1)
            rows.append((base + int(offset, 16), rule.strip()))
    ends = [addr for addr, _ in rows[1:]] + [base + size]
    pieces = []
    for (start, rule), end in zip(rows, ends):
        match = re.fullmatch(r'cfa r(\d+)([+-]\d+)\s+ra (\S+)\s+r11 (\S+)',
                             rule)
        if rule == 'end':
            pieces.append((start, end, 'end'))
        elif match and 'lost' not in match.groups():
            reg = {'15': 'sp', '11': 'fp'}.get(match[1], 'r' + match[1])
            ra = 'u' if match[3] == 'r14' else match[3].replace('cfa', 'c')
            fp = 'u' if match[4] == 'r11' else match[4].replace('cfa', 'c')
            pieces.append((start, end, (reg + match[2], ra, fp)))
        elif rule != 'undefined':
            unsaid[re.sub(r'[+-]\d+', '', rule)] += 1
    return pieces, unsaid


def against_table(path, dump, base):
    ours, functions = read_sframe(path)
    theirs, unsaid = read_dump(dump, int(base, 16))
    equal = bad = 0
    for start, end, our, their in sweep(ours, theirs):
        if our == their:
            equal += (end - start) // 2
            continue
        bad += 1
        if bad <= 20:
            show(start, our, their)
    for rule, count in unsaid.items():
        print(f'{count} rows that SFrame cannot say: {rule}')
    print(f'{len(functions)} entries, {len(ours)} rows, {equal} halfwords '
          f'equal, {bad} places different')
    return bad == 0 and equal > 0


if __name__ == '__main__':
    MODES = {'gas': against_gas, 'table': against_table}
    sys.exit(0 if MODES[sys.argv[1]](*sys.argv[2:]) else 1)
