# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Suites: tests that judge themselves in the guest, with or without modules of
# ours loaded there. Each is a folder (suite, stall), made like a scenario's, whose
# guest.sh writes what is to come back into /report:
#
#   results   a line for each test: "ok NAME", "not ok NAME" or "skip NAME",
#             maybe with " # why"
#   dmesg     judged by guest_is_silent
#
# and whatever else helps. `--with` and its like become an OVERLAY of the
# guest's file system: /with/list has a line "FILE.ko ARG..." for each module,
# in /zu/options are variables.

# suite_run SUITE KERNEL OPTION...: prints the results; what else came back is in
# runs/KERNEL/SUITE
suite_run() {
	local suite=$1 name=$2 kernel run why overlay
	shift 2
	kernel=$(kernel_get "$name")
	scenario_from "$LAB/$suite"
	scenario_debug "$name"
	why=$(scenario_skip_loaded "$name")
	[ -z "$why" ] || die "$suite on $name: $why"
	run=$CACHE/runs/$name/$suite
	scenario_lock "$name" "$suite"
	rm -rf "$run"
	mkdir -p "$run/modules"
	overlay=$run/overlay
	suite_options "$name" "$overlay" "$@"
	modules_build "$name" "$REPO/tests/kernel" "$run/modules" >/dev/null
	kmod_get "$name" "$run/modules"
	OVERLAY=$overlay initramfs_make "$kernel" "$run/modules" "$SCENARIO" \
		"$run/initrd"
	rm -rf "$run/modules" "$overlay"
	guest_run "$kernel" "$run/initrd" "$run" ''
	tar -C "$run" -xf "$run/disk.img"
	rm -f "$run/disk.img"
	suite_say "$run"
}

# suite_options KERNEL OVERLAY OPTION...: sets SMP, fills OVERLAY
suite_options() {
	local name=$1 overlay=$2 file args
	shift 2
	ZUNWIND_KO=no
	mkdir -p "$overlay"/{with,zu,lib/firmware}
	: >"$overlay/with/list"
	while [ $# -gt 0 ]; do
		case $1 in
		--with)
			file=${2?--with needs a module}
			args=''
			shift 2
			while [ $# -gt 0 ] && [[ $1 != --* ]]; do
				args+=" $1"
				shift
			done
			suite_with "$name" "$overlay/with" "$file" "$args"
			;;
		--zunwind)
			# shellcheck disable=SC2034 # for kmod.sh
			ZUNWIND_KO=there
			ln -s /lib/zu/zunwind.ko "$overlay/with/"
			echo 'zunwind.ko redirect=1' >>"$overlay/with/list"
			shift
			;;
		--firmware)
			cp -rL "${2?--firmware needs a file or a folder}" \
				"$overlay/lib/firmware/"
			shift 2
			;;
		--cpus)
			# shellcheck disable=SC2034 # for qemu.sh
			SMP=${2?--cpus needs a number}
			shift 2
			;;
		--only)
			echo "ONLY='${2?--only needs a pattern}'" \
				>>"$overlay/zu/options"
			shift 2
			;;
		--late) echo LATE=yes >>"$overlay/zu/options"; shift ;;
		*) die "suite: unknown option $1" ;;
		esac
	done
	echo "DEBUG=$DEBUG" >>"$overlay/zu/options"
}

# suite_with KERNEL DIR FILE ARGS: FILE is a module, or a folder of this
# repository whose modules are built for that kernel
suite_with() {
	local name=$1 dir=$2 file=$3 args=$4 built part
	if [ ! -d "$file" ]; then
		[ -r "$file" ] || die "no module $file"
		cp -L "$file" "$dir/"
		echo "$(basename "$file")$args" >>"$dir/list"
		return
	fi
	built=$(mktemp -d)
	modules_build "$name" "$file" "$built" >/dev/null
	for part in "$built"/*.ko; do
		suite_with "$name" "$dir" "$part" "$args"
	done
	rm -rf "$built"
}

# suite_tap RUN: the results as TAP, for other programs
suite_tap() {
	awk '{ number++ }
		/^ok / { print "ok " number " - " substr($0, 4) }
		/^not ok / { print "not ok " number " - " substr($0, 8) }
		/^skip / { print "ok " number " - " substr($0, 6) " # SKIP" }
		END { print "1.." number + 0 }' "$1/results" >"$1/results.tap"
}

# suite_say RUN: the results, their sum, and whether the kernel kept silent
suite_say() {
	local run=$1 silent=0
	suite_tap "$run"
	cat "$run/results"
	guest_is_silent "$run/dmesg" "$run/kmemleak" >"$run/reports" ||
		silent=$?
	[ $silent = 0 ] || sed 's/^/report: /' "$run/reports"
	awk -v silent=$silent '
		/^ok / { ok++ } /^not ok / { failed++ } /^skip / { skipped++ }
		END {
			failed += silent != 0
			printf "%d passed, %d failed, %d skipped\n",
				ok, failed, skipped
			exit failed != 0 || ok == 0
		}' "$run/results"
}
