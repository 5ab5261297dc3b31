# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What tests of the command from outside share: a folder of their own, TAP, and
# how the command is called. Sourced; the command is $ZUNWIND (several words).

zunwind=${ZUNWIND:?}
n=0
failed=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1

# need TOOL...: skip all if one is missing
need() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null && continue
		echo "1..0 # SKIP $tool is not installed"
		exit 0
	done
}

result() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# stdout: /' out | head -n 20
		sed 's/^/# stderr: /' err | head -n 20
		# shellcheck disable=SC2034 # the test's own end asks
		failed=1
	fi
}

# run ARGUMENT...: sets $status; not longer than limits=(CPU-SECONDS SECONDS)
limits=(20 60)
run() {
	status=0
	# shellcheck disable=SC2086,SC2034 # several words; for who calls
	(ulimit -t "${limits[0]}" &&
		exec timeout -k 1 "${limits[1]}" $zunwind "$@") \
		>out 2>err </dev/null || status=$?
}
