# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Walks against gdb: a guest that is stopped again and again, and two who tell
# what its CPUs are doing. The guest's memory is a file, so that zunwind needs
# no dump: it reads what gdb reads, at the same moment.

# gdbwalk_run KERNEL STOPS: the figures on standard output; what is needed to
# look into a difference in the run's folder
GDBWALK=${GDBWALK-$REPO/build/lab/gdbwalk/gdbwalk}

gdbwalk_run() {
	local name=$1 stops=$2 kernel run=$CACHE/runs/$1/gdbwalk why
	need gdb-multiarch qemu-system-s390x python3
	[ -x "$GDBWALK" ] || die "no $GDBWALK: build lab/gdbwalk/gdbwalk, or set GDBWALK"
	scenario_load busy
	kernel=$(kernel_get "$name")
	[ -e "$kernel/vmlinux" ] || kernel_debug "$name" >/dev/null
	why=$(scenario_skip "$name" busy)
	[ -z "$why" ] || die "busy on $name: $why"
	rm -rf "$run"
	mkdir -p "$run/modules"
	modules_build "$name" "$REPO/tests/kernel" "$run/modules" >/dev/null
	initramfs_make "$kernel" "$run/modules" "$SCENARIO" "$run/initrd"
	gdbwalk_guest "$kernel" "$run" "$stops"
}

gdbwalk_guest() (
	local kernel=$1 run=$2 stops=$3 tmp pid='' tries=100 status=0
	tmp=$(mktemp -d)
	trap 'guest_end "$pid"; rm -rf "$tmp" "$run/initrd" "$run/disk.img"' EXIT
	trap 'exit 130' INT TERM HUP
	truncate -s "$DISK" "$run/disk.img"
	timeout 7200 qemu-system-s390x -M s390-ccw-virtio,memory-backend=memory \
		-object "memory-backend-file,id=memory,size=$MEM,mem-path=$tmp/memory,share=on" \
		-accel tcg -cpu max -smp "$SMP" -m "$MEM" -nodefaults -no-reboot \
		-display none -serial none -monitor none \
		-qmp "unix:$tmp/qmp,server=on,wait=off" \
		-chardev "socket,id=gdb,path=$tmp/gdb,server=on,wait=off" -gdb chardev:gdb \
		-chardev "file,id=console,path=$run/console.log" \
		-device sclpconsole,chardev=console \
		-drive "file=$run/disk.img,if=none,id=disk,format=raw" \
		-device virtio-blk-ccw,drive=disk \
		-kernel "$kernel/image" -initrd "$run/initrd" \
		-append "console=ttysclp0 nokaslr $APPEND" 2>"$run/qemu.log" &
	pid=$!
	until [ -S "$tmp/qmp" ] && [ -S "$tmp/gdb" ]; do
		sleep 0.1
		[ $((tries--)) -gt 0 ] || die "QEMU does not start"
	done
	if "$LAB/lib/qmp.py" freeze "$tmp/qmp" "$run/console.log" "$TIMEOUT"; then
		ZU_WALKER=$GDBWALK ZU_MEMORY=$tmp/memory ZU_QMP=$tmp/qmp \
		ZU_GDB=$tmp/gdb ZU_VMLINUX=$kernel/vmlinux ZU_RUN=$run \
		ZU_STOPS=$stops ZU_SEED=${ZU_SEED-1} \
			gdb-multiarch -nx -batch -x "$LAB/gdbwalk/drive.py" \
			>"$run/gdb.log" 2>&1 </dev/null || status=$?
		[ $status != 2 ] || log_tail "$run/gdb.log"
	else
		log_tail "$run/console.log"
		status=2
	fi
	[ $status = 2 ] || cat "$run/summary.txt"
	[ $status != 1 ] || say "what differs: $run/differences.txt"
	exit $status
)
