# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What every part of the lab needs: where things are, how it reports, and
# folders that are either complete or not there.
#
# Errors: errexit is on everywhere, in command substitutions too, and functions
# rely on it; so none may be called from if, ||, && or ! unless it says that it
# answers a question. Whoever wants to go on after a failure starts a process.

set -euo pipefail
shopt -s inherit_errexit

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
REPO=$(dirname "$LAB")
CACHE=${ZU_LAB_CACHE:-$REPO/.cache/lab}
JOBS=${ZU_LAB_JOBS:-$(nproc)}
CROSS=s390x-linux-gnu-
export LAB REPO CACHE JOBS CROSS

say() { printf 'lab: %s\n' "$*" >&2; }
die() { printf 'lab: error: %s\n' "$*" >&2; exit 2; }

# need TOOL... : stop early when a host tool is missing
need() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null || die "$tool is not installed"
	done
}

# log_tail FILE: the end of a log, indented, on stderr
log_tail() { tail -n "${2:-15}" "$1" 2>/dev/null | tr -d '\r' | sed 's/^/    | /' >&2; }

# logged LOG CMD...: run one command quietly; on failure show the log's end
logged() {
	local log=$1
	shift
	mkdir -p "$(dirname "$log")"
	if ! "$@" >"$log" 2>&1 </dev/null; then
		log_tail "$log"
		say "failed: $* (log: $log)"
		return 1
	fi
}

# once DIR FN ARG...: make DIR by calling FN ARG... with the empty folder
# DIR.part as last argument, unless an earlier run completed it. DIR appears
# by a rename, so that an interrupted run leaves nothing that looks whole.
# A lock keeps two runs from making the same DIR.
once() {
	local dir=$1
	shift
	[ ! -d "$dir" ] || return 0
	mkdir -p "$(dirname "$dir")"
	(
		flock 9
		[ ! -d "$dir" ] || exit 0
		rm -rf "$dir.part"
		mkdir "$dir.part"
		"$@" "$dir.part"
		mv "$dir.part" "$dir"
	) 9>"$dir.lock"
}
