# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# One guest from start to end: boot, wait until it is frozen, dump, quit.
# QEMU cannot outlive the guest's time, even if nobody is left to end it.

# guest_run KERNELDIR INITRD RUN DUMP: RUN gets console.log and disk.img, DUMP
# the memory, unless it is empty. Uses SMP, TCG, MEM, DISK, APPEND, TIMEOUT of the scenario, and its
# script "after". QEMU and INITRD are gone when this returns, whatever happens. With
# ANSWERS what the guest asks is answered (answer.py).
guest_run() (
	local kernel=$1 initrd=$2 run=$3 dump=$4 tmp pid='' answers='' status=0 more=()
	need qemu-system-s390x python3
	tmp=$(mktemp -d)
	trap 'guest_end "$answers"; guest_end "$pid"; rm -rf "$tmp" "$initrd"' EXIT
	trap 'exit 130' INT TERM HUP
	rm -f "$run/console.log" "$run/disk.img"
	truncate -s "$DISK" "$run/disk.img"
	[ -z "$ANSWERS" ] || more=(-qmp "unix:$tmp/answers,server=on,wait=off" -gdb chardev:gdb
		-chardev "socket,id=gdb,path=$tmp/gdb,server=on,wait=off")
	# A disabled wait is how a stopped s390x machine looks: the panic action
	# keeps it there for us to look at.
	# shellcheck disable=SC2086 # a list
	timeout $((TIMEOUT + 400)) qemu-system-s390x -M s390-ccw-virtio -cpu max \
		-accel "tcg${TCG:+,thread=$TCG}" \
		-smp "$SMP" -m "$MEM" -nodefaults -no-reboot \
		-action panic=pause,reboot=shutdown,shutdown=pause \
		$QEMU_MORE -display none -serial none -monitor none \
		-qmp "unix:$tmp/qmp,server=on,wait=off" "${more[@]}" \
		-chardev "file,id=console,path=$run/console.log" \
		-device sclpconsole,chardev=console \
		-drive "file=$run/disk.img,if=none,id=disk,format=raw" \
		-device virtio-blk-ccw,drive=disk \
		-kernel "$kernel/image" -initrd "$initrd" \
		-append "console=ttysclp0 $APPEND" 2>"$run/qemu.log" &
	pid=$!
	if [ -n "$ANSWERS" ]; then
		guest_socket "$tmp/answers"
		"$LAB/lib/answer.py" "$tmp/answers" "$tmp/gdb" "$run" &
		answers=$!
	fi
	guest_freeze_and_dump "$tmp/qmp" "$run" "$dump" &&
		scenario_script after "$tmp/qmp" "$run" "$dump" "$kernel" ||
		status=1
	if [ $status = 0 ]; then
		"$LAB/lib/qmp.py" quit "$tmp/qmp" && wait "$pid"
		pid=''
	else
		rm -f "$run/disk.img"
		log_tail "$run/qemu.log"
		log_tail "$run/console.log"
	fi
	exit $status
)

guest_end() {
	[ -n "$1" ] || return 0
	kill "$1" 2>/dev/null || :
	wait "$1" 2>/dev/null || :
}

# guest_socket FILE: wait until QEMU has made it
guest_socket() {
	local tries=100
	until [ -S "$1" ]; do
		sleep 0.1
		[ $((tries--)) -gt 0 ] || { say "QEMU does not start"; return 1; }
	done
}

guest_freeze_and_dump() {
	local qmp=$1 run=$2 dump=$3
	guest_socket "$qmp" || return
	"$LAB/lib/qmp.py" freeze "$qmp" "$run/console.log" "$TIMEOUT" \
		${ANSWERS:+pauses} || return
	[ -n "$dump" ] || return 0
	rm -f "$dump.part"
	timeout 300 "$LAB/lib/qmp.py" dump "$qmp" "$dump.part" &&
		chmod 644 "$dump.part" && mv "$dump.part" "$dump" && return
	rm -f "$dump.part"
	return 1
}
