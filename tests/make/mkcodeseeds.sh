#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/make/mkcodeseeds.sh ZUNWIND [FOLDER]: seeds of the fuzz targets code,
# flow, insn and table, from codeseeds.S, by s390x binutils, into
# tests/fuzz/corpus/. ZUNWIND is the command that makes the tables.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
zunwind=$(realpath "$1")
to=$(realpath "${2:-$here/../fuzz/corpus}")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
mkdir -p "$to/code" "$to/flow" "$to/insn" "$to/table"

assemble() {
	s390x-linux-gnu-gcc -c -march=z13 -D"SEED_${1^^}" -o "$1.o" \
		"$here/codeseeds.S"
}

link() {
	s390x-linux-gnu-ld -e 0x100000 -Ttext=0x100000 -z noseparate-code \
		-z max-page-size=16 --defsym=others=0x110000 \
		--build-id=none -o "$@"
}

make_table() {
	# 1: made, but there are instructions without rows
	"$zunwind" table "$1" -o "$to/table/$1" >/dev/null || [ $? = 1 ]
}

for name in module table; do
	assemble $name
	mv $name.o $name
	cp $name "$to/code/$name"
	make_table $name
done
assemble kernel
link kernel kernel.o
s390x-linux-gnu-strip --remove-section=.comment --strip-debug kernel
chmod -x kernel
cp kernel "$to/code/kernel"
make_table kernel
assemble empty
mv empty.o "$to/code/empty"
assemble wide
mv wide.o wide
make_table wide

# bytes 2 and 3, the length less one: all is the function
for name in switch calls stack; do
	assemble $name
	link $name $name.o
	s390x-linux-gnu-objcopy -O binary -j .text $name $name.bin
	chmod -x $name.bin
	cp $name.bin "$to/insn/$name"
	size=$(($(stat -c %s $name.bin) - 1))
	printf '%b' "$(printf '\\x0f\\x00\\x%02x\\x%02x' $((size >> 8)) \
		$((size & 255)))" | cat - $name.bin >"$to/flow/$name"
done
# the same in memory that changes
{ printf '\x1f'; tail -c +2 "$to/flow/switch"; } >"$to/flow/switch-changes"
