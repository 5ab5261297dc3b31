# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# zunwind over QEMU's gdb server, on a guest that runs and prints a line now and
# then. lab/lib/gdbcheck.py drives it.

# gdb_run KERNEL [ROUNDS]: figures and checks on standard output
gdb_run() {
	local name=$1 rounds=${2-5} kernel run=$CACHE/runs/$1/gdb
	need qemu-system-s390x python3
	[ -x "$REPO/build/zunwind" ] || die "no build/zunwind: build it first"
	scenario_load idle
	kernel=$(kernel_get "$name")
	rm -rf "$run"
	mkdir -p "$run/modules" "$run/scenario"
	modules_build "$name" "$REPO/tests/kernel" "$run/modules" >/dev/null
	cp "$LAB/lib/gdbguest.sh" "$run/scenario/guest.sh"
	# shellcheck disable=SC2034 # for initramfs.sh
	WITNESS=no ZUNWIND_KO=no SCENARIO=$run/scenario
	initramfs_make "$kernel" "$run/modules" "$run/scenario" "$run/initrd"
	gdb_guest "$kernel" "$run" "$rounds"
}

gdb_guest() (
	local kernel=$1 run=$2 rounds=$3 tmp pid='' tries=100
	tmp=$(mktemp -d)
	trap 'guest_end "$pid"; rm -rf "$tmp" "$run/initrd" "$run/disk.img"' EXIT
	trap 'exit 130' INT TERM HUP
	truncate -s "$DISK" "$run/disk.img"
	timeout 1800 qemu-system-s390x -M s390-ccw-virtio -accel tcg -cpu max \
		-smp "$SMP" -m "$MEM" -nodefaults -no-reboot \
		-display none -serial none -monitor none \
		-qmp "unix:$tmp/qmp,server=on,wait=off" \
		-chardev "socket,id=gdb,path=$tmp/gdb,server=on,wait=off" -gdb chardev:gdb \
		-chardev "file,id=console,path=$run/console.log" \
		-device sclpconsole,chardev=console \
		-drive "file=$run/disk.img,if=none,id=disk,format=raw" \
		-device virtio-blk-ccw,drive=disk \
		-kernel "$kernel/image" -initrd "$run/initrd" \
		-append "console=ttysclp0 $APPEND" 2>"$run/qemu.log" &
	pid=$!
	until [ -S "$tmp/qmp" ] && [ -S "$tmp/gdb" ]; do
		sleep 0.1
		[ $((tries--)) -gt 0 ] || die "QEMU does not start"
	done
	"$LAB/lib/gdbcheck.py" "$REPO/build/zunwind" "$tmp/qmp" "$tmp/gdb" \
		"$run" "$TIMEOUT" "$rounds"
)
