# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Scenarios. Each is a folder scenarios/NAME: guest.sh runs in the guest, and
# scenario.conf may set these shell variables:
#
#   SMP=2 MEM=512M TIMEOUT=300   the machine as QEMU takes it, seconds to freeze
#   TCG=single                     all CPUs in one thread of QEMU, where code is patched
#   QEMU_MORE="-icount shift=0"    more options of QEMU
#   APPEND=""                    more kernel command line
#   NEEDS="BPF_JIT USERFAULTFD"  kernel config the scenario cannot do without
#   KERNELS="self-*"             kernels it makes sense on (patterns)
#   KMODS="livepatch-sample"     the kernel's own modules to bring as /lib/zu/*.ko
#   ZUNWIND_KO=no                without zunwind.ko; "there": guest.sh may load it
#   WITNESS=no                   no witness: the host stops the guest from outside, and
#                                only guest.sh and the scenario's own "check" judge
#   WITNESS=own                  the scenario's freeze.sh stops the guest from inside, and
#                                its own "check" compares
#   ANSWERS=yes                  the host answers what the guest asks: zunwind over gdb,
#                                and of a dump (guest/ask.sh)
#   SAYS=danger                  lines of guest.sh that begin so are its figures, to be shown
#   DISK=64M                     size of the guest's disk; the witness has the first 64M
#
# and it may have programs for the host: "prepare ROOT KERNELDIR" when the guest's
# file system is made, "after QMP RUN DUMP KERNELDIR" when the dump is taken and
# the guest still there, "check RUN" when everything else has been compared.

scenario_names() {
	local dir
	for dir in "$LAB"/scenarios/*/; do
		[ ! -d "$dir" ] || basename "$dir"
	done
}

# scenario_short_names: all but those that take their time
scenario_short_names() {
	local name
	for name in $(scenario_names); do
		grep -qx LONG=yes "$LAB/scenarios/$name/scenario.conf" ||
			echo "$name"
	done
}

scenario_load() {
	local dir=$LAB/scenarios/$1
	[ -d "$dir" ] || die "no scenario '$1' (there are: $(scenario_names | xargs))"
	scenario_from "$dir"
}

# scenario_from DIR: sets the variables of the scenario in that folder
scenario_from() {
	local dir=$1
	# shellcheck disable=SC2034 # for the other parts
	SMP=2 TCG='' MEM=512M DISK=64M TIMEOUT=300 APPEND='' QEMU_MORE='' NEEDS='' KERNELS='*' KMODS='' \
		WITNESS=yes ANSWERS='' SAYS='' ZUNWIND_KO=yes SCENARIO=$dir
	# shellcheck source=/dev/null
	[ ! -e "$dir/scenario.conf" ] || . "$dir/scenario.conf"
}

# scenario_debug KERNEL: sets DEBUG; the loaded scenario's machine, larger and
# with more time, if that is a kernel that checks itself
scenario_debug() {
	kernel_load "$1"
	[ "$DEBUG" = yes ] || return 0
	# shellcheck disable=SC2034 # for qemu.sh
	MEM=1G TIMEOUT=$((TIMEOUT * 10))
}

# scenario_skip KERNEL SCENARIO: prints the reason why the scenario cannot run
# on that kernel, if there is one
scenario_skip() {
	scenario_load "$2"
	scenario_skip_loaded "$1"
}

# scenario_skip_loaded KERNEL: the same for the scenario that is loaded
scenario_skip_loaded() {
	local kernel=$KERNEL_RUN/$1 pattern option
	set -f
	# shellcheck disable=SC2086 # a list of patterns
	set -- "$1" $KERNELS
	set +f
	for pattern in "${@:2}"; do
		# shellcheck disable=SC2053 # a pattern
		[[ $1 != $pattern ]] || break
		pattern=
	done
	[ -n "$pattern" ] || { echo "only for $KERNELS"; return; }
	for option in $NEEDS; do
		grep -qE "^CONFIG_${option#CONFIG_}=[ym]" "$kernel/config" ||
			{ echo "the kernel has no $option"; return; }
	done
}

# scenario_script NAME ARG...: run that program of the scenario, if it has one
scenario_script() {
	local script=$SCENARIO/$1
	shift
	[ ! -e "$script" ] || "$script" "$@"
}

# scenario_lock KERNEL SCENARIO: the run's folder is this process's until it ends
scenario_lock() {
	mkdir -p "$CACHE/runs/$1"
	exec 8>"$CACHE/runs/$1/$2.lock"
	flock 8
}

# scenario_boot KERNEL SCENARIO [DUMP]: boot, freeze, dump. Prints the run's
# folder: dump.elf (unless DUMP is given), console.log, witness/
scenario_boot() {
	local name=$1 scenario=$2 kernel run=$CACHE/runs/$1/$2 dump why
	dump=${3-$run/dump.elf}
	scenario_load "$scenario"
	kernel=$(kernel_get "$name")
	why=$(scenario_skip "$name" "$scenario")
	[ -z "$why" ] || die "$scenario on $name: $why"
	scenario_debug "$name"
	rm -rf "$run"
	mkdir -p "$run/modules"
	modules_build "$name" "$REPO/tests/kernel" "$run/modules" >/dev/null
	kmod_get "$name" "$run/modules"
	initramfs_make "$kernel" "$run/modules" "$LAB/scenarios/$scenario" \
		"$run/initrd"
	rm -rf "$run/modules"
	guest_run "$kernel" "$run/initrd" "$run" "$dump"
	if [ "$WITNESS" != no ]; then
		mkdir "$run/witness"
		tar -C "$run/witness" -xf "$run/disk.img"
	fi
	rm -f "$run/disk.img"
	echo "$run"
}

# scenario_figures RUN: what guest.sh said; that it said nothing is an error
scenario_figures() {
	[ -z "$SAYS" ] || tr -d '\r' <"$1/console.log" | grep "^$SAYS: "
}

# scenario_silent KERNEL RUN: a kernel that checks itself had nothing to say
scenario_silent() {
	local log=$2/witness/dmesg
	kernel_load "$1"
	[ "$DEBUG" = yes ] && [ -e "$log" ] || return 0
	if ! guest_is_silent "$log" >"$2/reports"; then
		log_tail "$2/reports" 40
		die "the kernel reported something (all of it: $log)"
	fi
}

# scenario_check KERNEL SCENARIO KEEP: boot, then compare with the witnesses,
# and a capture with the dump.
# A dump that differs is kept.
scenario_check() {
	local run
	scenario_lock "$1" "$2"
	run=$(scenario_boot "$1" "$2")
	scenario_load "$2"
	if [ "$WITNESS" = yes ]; then
		ZU_KERNEL_DIR=$KERNEL_RUN/$1 ZU_SCENARIO_DIR=$SCENARIO \
			"$LAB/compare" "$run"
	fi
	if [ "$WITNESS" != no ]; then
		ZU_KERNEL_DIR=$KERNEL_RUN/$1 "$LAB/check-capture" "$run"
	fi
	scenario_silent "$1" "$run"
	scenario_figures "$run"
	ZU_KERNEL_DIR=$KERNEL_RUN/$1 scenario_script check "$run"
	[ "$3" = keep ] || rm -f "$run"/*.elf
}
