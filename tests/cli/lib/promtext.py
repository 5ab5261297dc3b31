#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: promtext.py FILE...

Are these metrics in Prometheus' text format, as node_exporter's textfile collector
takes them? Each has one HELP and one TYPE, before its first sample; samples of one
metric stand together, none is there twice, none has a time; labels are escaped.
What is wrong is printed; exit status 1 then.
"""
import re
import sys

LABEL = r'[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf'([a-zA-Z_:][\w:]*)(\{{{LABEL}(?:,{LABEL})*\}})? (-?\d+)')


def faults_of(text):
    heads = {'HELP': [], 'TYPE': []}
    order, seen = [], set()
    if not text.endswith('\n'):
        yield 'the last line does not end'
    for line in text.splitlines():
        head = re.fullmatch(r'# (HELP|TYPE) (\S+) (.+)', line)
        sample = SAMPLE.fullmatch(line)
        if head:
            heads[head[1]].append(head[2])
            if head[1] == 'TYPE' and head[3] != 'gauge':
                yield f'no gauge: {line}'
        elif not sample:
            yield f'not a sample: {line}'
        else:
            if sample[1] not in heads['HELP'] or sample[1] not in heads['TYPE']:
                yield f'nothing before it tells what it is: {line}'
            if not order or order[-1] != sample[1]:
                order.append(sample[1])
            if sample.group(1, 2) in seen:
                yield f'twice: {line}'
            seen.add(sample.group(1, 2))
    for names in (order, *heads.values()):
        if len(names) != len(set(names)):
            yield f'in two places: {names}'
    if set(order) != set(heads['HELP']) or set(order) != set(heads['TYPE']):
        yield 'told of, and not there'


def main(paths):
    faults = []
    for path in paths:
        with open(path, encoding='utf-8') as file:
            faults += [f'{path}: {fault}' for fault in faults_of(file.read())]
    print('\n'.join(faults))
    return 1 if faults or not paths else 0


sys.exit(main(sys.argv[1:]))
