# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# zunwind check over a kernel and all its modules, and its rows against DWARF.

ZUNWIND=${ZUNWIND-$REPO/build/zunwind}
ROWS=${ROWS-$REPO/build/lab/rows/rows}

# prove_modules KERNEL DEBUG OUT: lines "CODE DWARF"; compressed ones unpacked
prove_modules() {
	local kernel=$1 debug=$2 out=$3 file code
	if [ -d "$debug/arch" ]; then
		find "$debug" -name '*.ko' -printf '%p %p\n' | sort
		return
	fi
	find "$kernel/modules" -name '*.ko*' | sort | while read -r file; do
		code=$out/modules/$(basename "${file%.xz}")
		case $file in
		*.xz) xz -dc "$file" >"$code" ;;
		*) ln -sf "$file" "$code" ;;
		esac
		echo "$code $debug/kernel/${file#*/kernel/}" | sed 's/\.xz$//'
	done
}

# A program that answers by its exit status: 1 is an answer, 2 goes on, too
prove_answer() { "$@" || [ $? -le 2 ]; }

# prove_one CODE DWARF OUT: both answers, added to OUT/check and OUT/rows
prove_one() {
	local table=$3/table options=()
	[[ $3 != *-nobc/* ]] || options=(--no-back-chain)
	prove_answer "$ZUNWIND" check "${options[@]}" "$1" >>"$3/check" 2>>"$3/errors"
	prove_answer "$ZUNWIND" table "$1" -o "$table" >/dev/null 2>&1
	[ -e "$table" ] || return 0
	prove_answer "$ROWS" -t "$table" "$1" "$2" >>"$3/rows" 2>>"$3/errors"
	rm -f "$table"
}

# prove_sum OUT: what was found, and how much was looked at
prove_sum() {
	grep -A1 '\]$' "$1/check" | grep -v '^--$' || :
	awk '/ functions?: / {
		for (i = 2; i <= NF; i++) {
			if ($i ~ /^functions?:/) f += $(i - 1)
			if ($i ~ /^proven/) p += $(i - 1)
			if ($i ~ /^hinted/) h += $(i - 1)
			if ($i ~ /^unproven/) u += $(i - 1)
		}
		objects++
	}
	/ instructions? \(/ {
		for (i = 2; i <= NF; i++)
			if ($i ~ /^instructions?$/) n += $(i - 1)
	}
	END {
		printf "check: %d objects, %d functions, %d instructions: %d proven, %d hinted, %d unproven\n",
			objects, f, n, p, h, u
	}' "$1/check"
	awk '/^# +[0-9]+  / {
		n = $2
		sub(/^# +[0-9]+ +/, "")
		sum[$0] += n
		if (!seen[$0]++)
			order[++classes] = $0
	}
	END {
		for (i = 1; i <= classes; i++)
			printf "rows: %9d  %s\n", sum[order[i]], order[i]
	}' "$1/rows"
}

# prove_new OUT: functions that are not proven and not known for it, and rows
# that are not what DWARF says, a line each
prove_new() {
	local name known
	sed -n 's/^[^ ]*: \([^ :]*\): .* \[[a-z-]*\]$/\1/p' "$1/check" |
		sed 's/+0x[0-9a-f]*$//' | sort -u | while read -r name; do
		for known in $UNPROVEN; do
			[ "$name" != "$known" ] || continue 2
		done
		echo "new: $name is not proven"
	done
	grep -E ', [0-9]+ different or without a row;' "$1/rows" |
		grep -v ', 0 different or without a row;' |
		sed 's/^/new: /' || :
}

# prove_run KERNEL: the sums on standard output, all else in the run's folder.
# Fails if there is something new.
prove_run() {
	local name=$1 kernel debug out=$CACHE/runs/$1/prove code dwarf
	need xz "$ZUNWIND" "$ROWS"
	kernel=$(kernel_get "$name")
	debug=$(kernel_debug "$name")
	rm -rf "$out"
	mkdir -p "$out/modules"
	: >"$out/check"
	: >"$out/rows"
	prove_one "$kernel/vmlinux" "$kernel/vmlinux" "$out"
	prove_modules "$kernel" "$debug" "$out" >"$out/list"
	while read -r code dwarf; do
		prove_one "$code" "$dwarf" "$out"
	done <"$out/list"
	rm -rf "$out/modules"
	kernel_load "$name"
	prove_sum "$out"
	prove_new "$out" | tee "$out/new"
	[ ! -s "$out/new" ]
}
