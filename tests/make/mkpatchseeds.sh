#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/make/mkpatchseeds.sh [FOLDER]: live patches of all makes, from
# tests/data/patch/*.c, by the s390x compiler, into tests/fuzz/corpus/patch/.
# They are seeds of the fuzz target, and test_patch_file.c reads them.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
to=$(realpath "${1:-$here/../fuzz/corpus/patch}")
cd "$here/../data/patch"

for source in *.c; do
	name=${source%.c}
	s390x-linux-gnu-gcc -std=gnu11 -Wall -Wno-unused-const-variable -Os \
		-march=z13 -fno-ident -fno-asynchronous-unwind-tables \
		-c "$source" -o "$to/$name"
	chmod -x "$to/$name"
done
