#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""tests/make/corpus.py FOLDER [FILE...]

Build the functions of a corpus (tests/data/check/README.md), run `zunwind
check` on them, and compare what it finds with what their sources expect: each
expected finding at its place, and no other. TAP.

Environment: ZUNWIND, the command; CROSS, the prefix of the compiler.
"""
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

CROSS = os.environ.get('CROSS', 's390x-linux-gnu-')
KERNEL = ('-m64 -msoft-float -mpacked-stack -mbackchain -ffreestanding '
          '-fno-asynchronous-unwind-tables -fno-pie -fno-stack-protector '
          '-fno-strict-aliasing -fno-common').split()
DEFAULT = {'.S': ['-march=z16'],
           '.c': [f'-O2 -march={cpu}' for cpu in
                  ('z10', 'z13', 'z14', 'z15', 'z16')]}

EXPECT = re.compile(r'/\* EXPECT (\S+?)(?:\+(0x[0-9a-f]+))?: ([a-z-]+) \*/')
BUILD = re.compile(r'/\* BUILD (.*?) \*/')
CHECK = re.compile(r'/\* CHECK (.*?) \*/')
THUNK = re.compile(r'__s390_indirect_jump_r(?!14)')
SHAPE = re.compile(r'/\* SHAPE (\S+): (.*?) \*/')

# what is described by hand is expected like a finding
HINTED = (0, 'hinted')

Symbol = collections.namedtuple('Symbol', 'section addr func')


class Tap:
    """Prints test lines and counts them."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def result(self, name, faults):
        self.count += 1
        self.failed += bool(faults)
        print(f'{"not " if faults else ""}ok {self.count} - {name}')
        for fault in faults:
            print(f'# {fault}')

    def skip(self, name, why):
        self.count += 1
        print(f'ok {self.count} - {name} # SKIP {why}')


def tool(name, *args):
    return subprocess.run([CROSS + name, *args], capture_output=True,
                          text=True, check=False)


def without_aliases(symbols):
    """a function is told once, by its name without a dot if it has one"""
    names = sorted(symbols, key=lambda name: ('.' in name, name))
    seen, ret = set(), {}
    for name in names:
        at = symbols[name]
        if at.func and (at.section, at.addr) in seen:
            continue
        if at.func:
            seen.add((at.section, at.addr))
        ret[name] = at
    return ret


def read_symbols(path):
    """{name: Symbol} of what an object file defines in sections"""
    symbols = {}
    for line in tool('readelf', '-sW', path).stdout.splitlines():
        word = line.split()
        if len(word) == 8 and word[0][:-1].isdigit() and word[6].isdigit() \
                and word[3] in ('FUNC', 'NOTYPE'):
            symbols[word[7]] = Symbol(int(word[6]), int(word[1], 16),
                                      word[3] == 'FUNC')
    return without_aliases(symbols)


def place(symbols, name, offset):
    """(function, offset) of a place that a source names"""
    at = symbols[name]
    addr = at.addr + offset
    func = max((s.addr, n) for n, s in symbols.items()
               if s.func and s.section == at.section and s.addr <= addr)
    return func[1], addr - func[0]


def expectations(text, symbols, is_c):
    """({function: {(offset, kind)}}, faults of the source)"""
    want = {n: {HINTED} if is_c and THUNK.match(n) else None
            for n, s in symbols.items() if s.func}
    faults = []
    for name, offset, kind in EXPECT.findall(text):
        if name not in symbols:
            faults.append(f'there is no {name}')
        elif kind == 'ok':
            want[name] = want[name] or set()
        else:
            func, off = place(symbols, name, int(offset or '0', 16))
            want[func] = (want[func] or set()) | {(off, kind)}
    for name, findings in want.items():
        if findings is None and not is_c:
            faults.append(f'nothing is expected of {name}')
        want[name] = findings or set()
    return want, faults


def compare(want, found):
    """what stands against what was found in one function"""
    return [f'not found: +{off:#x} {kind}'
            for off, kind in sorted(want - found)] + \
           [f'found: +{off:#x} {kind}' for off, kind in sorted(found - want)]


def call(*args):
    return subprocess.run(os.environ['ZUNWIND'].split() + ['check', *args],
                          capture_output=True, text=True, check=False,
                          timeout=120)


def check_text(path, options, said):
    """faults of the same answer in text"""
    run = call(*options, path)
    lines = [line for line in run.stdout.splitlines() if line[-1:] == ']']
    want = []
    for finding in said['objects'][0]['findings']:
        at = f'+{finding["offset"]:#x}' if finding['offset'] else ''
        want.append(f'{path}: {finding["function"]}{at}: '
                    f'{finding["text"]} [{finding["kind"]}]')
    total = said['summary']
    sums = (f'{path}: {total["functions"]} function'
            f'{"s" * (total["functions"] != 1)}: {total["proven"]} proven, '
            f'{total["hinted"]} hinted, {total["unproven"]} unproven')
    faults = [f'in text alone: {line}' for line in lines if line not in want]
    faults += [f'not in text: {line}' for line in want if line not in lines]
    if not any(line.startswith(sums) for line in run.stdout.splitlines()):
        faults.append(f'not in text: {sums}')
    if run.returncode != bool(want):
        faults.append(f'exit status {run.returncode} of the text')
    return faults


def check(path, options):
    """(answer, faults of how it was given)"""
    run = call('--format', 'json', *options, path)
    try:
        said = json.loads(run.stdout)
    except ValueError:
        return None, [f'exit status {run.returncode}: '
                      f'{run.stderr.strip() or run.stdout[:200]}']
    faults = check_text(path, options, said)
    if run.returncode != bool(said['summary']['unproven']):
        faults.append(f'exit status {run.returncode}')
    return said, faults


def judge(said, want):
    """({function: faults}, faults of the sums)"""
    found = collections.defaultdict(set)
    for finding in said['objects'][0]['findings']:
        found[finding['function']].add((finding['offset'], finding['kind']))
    for hint in said['objects'][0]['hints']:
        found[hint['function']].add(HINTED)
    faults = {name: compare(findings, found.pop(name, set()))
              for name, findings in want.items()}
    total, rest = said['summary'], []
    rest += [f'found in no function: {name}' for name in found]
    unproven = sum(bool(findings - {HINTED}) for findings in want.values())
    for key, value in (('functions', len(want)), ('unproven', unproven),
                       ('unread', 0)):
        if total[key] != value:
            rest.append(f'{key}: {total[key]}, not {value}')
    if not unproven and not said['objects'][0]['hints'] and \
            total['rows'] != total['instructions']:
        rest.append(f'{total["rows"]} rows for {total["instructions"]} '
                    'instructions')
    return faults, rest


def shapes(path, text):
    """functions of which the object has the shape that the source tells"""
    code = collections.defaultdict(str)
    name = None
    for line in tool('objdump', '-d', '--no-show-raw-insn',
                     path).stdout.splitlines():
        head = re.match(r'[0-9a-f]+ <(.*)>:', line)
        if head:
            name = head.group(1)
        elif '\t' in line:
            code[name] += ' '.join(line.split('\t')[1:]).replace('%', '') + ';'
    return {name for name, shape in SHAPE.findall(text)
            if re.search(shape, code[name])}


class Source:
    """A file of the corpus."""

    def __init__(self, tap, path, folder):
        self.tap = tap
        self.path = path
        self.name = os.path.basename(path)
        self.is_c = path.endswith('.c')
        self.object = os.path.join(folder, self.name[:-2] + '.o')
        with open(path, encoding='utf-8') as source:
            self.text = source.read()
        self.options = ' '.join(CHECK.findall(self.text)).split()
        self.builds = BUILD.findall(self.text) or DEFAULT[path[-2:]]
        self.shaped = set()
        self.kinds = set()

    def build(self, flags):
        """the compiler's complaint, or None"""
        kernel = KERNEL if self.is_c else []
        run = tool('gcc', *kernel, *flags.split(), '-Wall', '-Werror',
                   '-c', self.path, '-o', self.object)
        return None if not run.returncode else \
            (run.stderr.splitlines() or ['?'])[-1]

    def run(self, flags):
        name = f'{self.name} {flags}'
        complaint = self.build(flags)
        if complaint:
            if 'unrecognized' in complaint or 'unsupported' in complaint:
                self.tap.skip(name, complaint)
            else:
                self.tap.result(name, [complaint])
            return
        want, faults = expectations(self.text, read_symbols(self.object),
                                    self.is_c)
        said, wrong = check(self.object, self.options)
        if not said:
            self.tap.result(name, faults + wrong)
            return
        by_func, rest = judge(said, want)
        self.kinds |= {kind for found in want.values() for _, kind in found}
        self.report(name, by_func, faults + wrong + rest)
        if SHAPE.search(self.text):
            self.shaped |= shapes(self.object, self.text)

    def report(self, name, by_func, rest):
        """C is proven file by file, assembler function by function."""
        if self.is_c:
            rest += [f'{func}: {fault}' for func, faults in by_func.items()
                     for fault in faults]
            name += f': {len(by_func)} functions'
        else:
            for func, faults in sorted(by_func.items()):
                self.tap.result(f'{self.name} {func}', faults)
        self.tap.result(name, rest)

    def report_shapes(self):
        """What a compiler no longer makes tests nothing: not silently."""
        missing = {name for name, _ in SHAPE.findall(self.text)} - self.shaped
        name = f'{self.name}: shapes'
        if missing:
            self.tap.skip(name, 'not made by this compiler: ' +
                          ' '.join(sorted(missing)))
        elif SHAPE.search(self.text):
            self.tap.result(name, [])


def report_kinds(tap, kinds):
    """Each kind of finding has a function."""
    defs = os.path.join(os.environ['TOP'], 'flow', 'finding.def')
    with open(defs, encoding='utf-8') as text:
        words = re.findall(r'^ZU_FINDING\(\w+, "([a-z-]+)"', text.read(), re.M)
    tap.result(f'{len(words)} kinds of findings',
               [f'no function has {word}' for word in words
                if word not in kinds] + ['none at all'] * (not words))


def main():
    folder = sys.argv[1]
    if not shutil.which(CROSS + 'gcc'):
        print(f'1..0 # SKIP {CROSS}gcc is not installed')
        return 0
    names = sys.argv[2:] or sorted(os.listdir(folder))
    tap, kinds = Tap(), set()
    with tempfile.TemporaryDirectory() as made:
        for name in names:
            if not name.endswith(('.c', '.S')):
                continue
            source = Source(tap, os.path.join(folder, name), made)
            for flags in source.builds:
                source.run(flags)
            source.report_shapes()
            kinds |= source.kinds
    if not sys.argv[2:]:
        report_kinds(tap, kinds)
    print(f'1..{tap.count}')
    return 1 if tap.failed or not tap.count else 0


if __name__ == '__main__':
    sys.exit(main())
