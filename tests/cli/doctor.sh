#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# zunwind doctor on made-up systems: one with everything, and the same with one
# thing missing, damaged or unreadable. What is told, the next command, and the
# exit status.
set -u
# shellcheck source=tests/cli/lib/common.bash
. "${TOP:?}/tests/cli/lib/common.bash"
as=${S390X_AS:-s390x-linux-gnu-as}
ld=${S390X_LD:-s390x-linux-gnu-ld}
need "$as" "$ld" gzip python3

release=7.2.12-test
kernel_id=76d6b30b8b675cf41c041522d2b5d81886c0d889
xfs_id=1111111111111111111111111111111111111111
zram_id=22222222222222222222
zunwind_id=33333333
firmware=/lib/firmware/zunwind
reload='echo 1 >/sys/kernel/debug/zunwind/tables'
redirect='echo 1 >/sys/module/zunwind/parameters/redirect'

bail() { echo "Bail out! $*"; exit 1; }

# A note with a build-id, as the kernel and its modules have it
note() { # HEX
	python3 -c 'import struct, sys
id = bytes.fromhex(sys.argv[1])
sys.stdout.buffer.write(struct.pack(">III4s", 4, len(id), 3, b"GNU\0") + id)' "$1"
}

put() { # FILE TEXT
	mkdir -p "$(dirname "$1")"
	printf '%s\n' "$2" >"$1"
}

# Each object's table, as zunwind makes it
cat >code.s <<'END'
	.text
	.globl	_stext
_stext:
	.type	f, @function
f:	br	%r14
	.size	f, . - f
END
"$as" -march=z13 -o code.o code.s || bail 'code.s does not assemble'
"$ld" --build-id=0x$kernel_id -e _stext -o vmlinux code.o ||
	bail 'vmlinux does not link'
for module in xfs:$xfs_id zram:$zram_id zunwind:$zunwind_id; do
	"$ld" -r --build-id=0x"${module#*:}" -o "${module%:*}.ko" code.o ||
		bail "$module does not link"
done
for file in vmlinux:$kernel_id xfs.ko:$xfs_id zram.ko:$zram_id \
	zunwind.ko:$zunwind_id; do
	run table "${file%:*}" -o "${file#*:}.zut"
	[ $status -eq 0 ] || bail "no table of $file"
done
"$ld" --build-id=0x$xfs_id -e _stext -o kernel-xfs code.o ||
	bail 'kernel-xfs does not link'
run table kernel-xfs -o kernel-xfs.zut.odd

add_module() { # ROOT NAME BUILD-ID
	mkdir -p "$1/sys/module/$2/notes"
	note "$3" >"$1/sys/module/$2/notes/.note.gnu.build-id"
	echo "$2 16384 0 - Live 0x0000000000000000" >>"$1/proc/modules"
}

# A system that lacks nothing
system() { # ROOT
	local root=$1 option
	mkdir -p "$root"/{proc/sys/kernel,sys/kernel/{debug/zunwind,livepatch/p},boot,lib/firmware/zunwind}
	put "$root/proc/sys/kernel/osrelease" $release
	put "$root/proc/sys/kernel/arch" s390x
	put "$root/proc/mounts" 'debugfs /sys/kernel/debug debugfs rw,relatime 0 0'
	note $kernel_id >"$root/sys/kernel/notes"
	put "$root/sys/kernel/livepatch/p/transition" 0
	add_module "$root" xfs $xfs_id
	add_module "$root" zram $zram_id
	add_module "$root" zunwind $zunwind_id
	put "$root/sys/module/zunwind/parameters/redirect" Y
	echo '# made up' >"$root/boot/config-$release"
	for option in MODULES KALLSYMS KPROBES DYNAMIC_FTRACE_WITH_ARGS \
		DYNAMIC_FTRACE_WITH_REGS FW_LOADER DEBUG_FS PREEMPTION; do
		echo "CONFIG_$option=y" >>"$root/boot/config-$release"
	done
	cp ./*.zut "$root$firmware/"
	cat >"$root/sys/kernel/debug/zunwind/tables" <<-END
		vmlinux $kernel_id loaded
		xfs $xfs_id loaded
		zram $zram_id loaded
		zunwind $zunwind_id loaded
	END
	mkdir -p "$root/lib/modules/$release"
	cat >"$root/lib/modules/$release/modules.dep" <<-'END'
		kernel/fs/xfs/xfs.ko: kernel/lib/libcrc32c.ko
		kernel/drivers/block/zram/zram.ko: kernel/mm/zsmalloc.ko
		extra/zunwind.ko:
	END
}

# As before, but: what comes on stdin is done in its folder
but() { # ROOT
	cp -r all "$1" || bail "cannot copy a system to $1"
	(cd "$1" && . /dev/stdin) || bail "cannot make $1"
}

# The doctor's words, its exit status, and its last line
says() { # NAME STATUS LAST-LINE ROOT PATTERN...
	local name=$1 want=$2 last=$3 root=$4 pattern ok=0
	shift 4
	run doctor --root "$root"
	[ $status -eq "$want" ] && [ ! -s err ] &&
		[ "$(tail -n 1 out)" = "$last" ] || ok=1
	[ "$(sed -n 'x;$p' out)" = '' ] || ok=1
	for pattern; do
		grep -qE -- "$pattern" out || ok=1
	done
	result $ok "$name"
}

misses() { # NAME COMMAND ROOT PATTERN...
	says "missing: $1" 1 "Next: $2" "${@:3}"
}

refuses() { # NAME PATTERN ARGUMENT...
	local name=$1 pattern=$2
	shift 2
	run doctor "$@"
	[ $status -eq 2 ] && [ ! -s out ] && grep -qE -- "$pattern" err &&
		! LC_ALL=C grep -q '[^ -~]' err
	result $? "$name"
}

system all
says 'everything is there' 0 'Nothing is left to do.' all \
	"^ok       kernel $release on s390x$" '^ok       CONFIG_LIVEPATCH=y$' \
	'^ok       CONFIG_KPROBES=y$' '^note     CONFIG_PREEMPTION=y$' \
	'^ok       table of the kernel$' '^ok       tables of 3 of 3 modules$' \
	'^ok       debugfs at /sys/kernel/debug$' '^ok       zunwind.ko is loaded$' \
	'^ok       zunwind.ko uses the tables of 4 of 4 objects$' \
	'^ok       live patching asks zunwind$' \
	'^ok       no live patch is in transition, of 1$'
! grep -qE '^(missing|unknown)' out
result $? 'and nothing else is told'

# The kernel
but livepatch <<<'rm -r sys/kernel/livepatch'
says 'no live patching: reports only' 1 'No command helps.' livepatch \
	'^missing  CONFIG_LIVEPATCH$' 'can report on its stacks, no more'
but livepatch-debugfs <<<'rm -r sys/kernel/livepatch; : >proc/mounts'
says 'no live patching: what is left for reports' 1 \
	'Next, for reports only: mount -t debugfs debugfs /sys/kernel/debug' \
	livepatch-debugfs
but livepatch-redirect <<<'rm -r sys/kernel/livepatch
	echo N >sys/module/zunwind/parameters/redirect'
says 'no live patching: nobody could ask' 1 'No command helps.' \
	livepatch-redirect '^note     live patching does not ask zunwind$'
for option in MODULES KALLSYMS KPROBES FW_LOADER DEBUG_FS; do
	but "config-$option" <<<"sed -i 's/^CONFIG_$option=y/# & is not set/' boot/config-$release
		echo N >sys/module/zunwind/parameters/redirect"
	says "missing: CONFIG_$option" 1 \
		"No command helps: this takes a kernel with CONFIG_$option." \
		"config-$option" "^missing  CONFIG_$option$"
done
but config-args <<<"sed -i '/_WITH_ARGS/d' boot/config-$release"
says 'CONFIG_DYNAMIC_FTRACE_WITH_REGS does as well' 0 \
	'Nothing is left to do.' config-args \
	'^ok       CONFIG_DYNAMIC_FTRACE_WITH_REGS=y$'
but config-ftrace <<<"sed -i '/_WITH_/d' boot/config-$release"
says 'missing: CONFIG_DYNAMIC_FTRACE_WITH_ARGS' 1 \
	'No command helps: this takes a kernel with CONFIG_DYNAMIC_FTRACE_WITH_ARGS.' \
	config-ftrace '^missing  CONFIG_DYNAMIC_FTRACE_WITH_ARGS$'
but config-preemption <<<"sed -i '/PREEMPTION/d' boot/config-$release"
says 'CONFIG_PREEMPTION is not needed' 0 'Nothing is left to do.' \
	config-preemption '^note     CONFIG_PREEMPTION is not set$'

# Where the configuration is
but config-modules <<<"sed 's/KPROBES=y/KPROBES=n/' boot/config-$release \
	>lib/modules/$release/config; rm boot/config-$release"
says 'a configuration beside the modules' 1 \
	'No command helps: this takes a kernel with CONFIG_KPROBES.' \
	config-modules "/lib/modules/$release/config says"
but config-gz <<<"sed 's/KPROBES=y/KPROBES=n/' boot/config-$release |
	gzip >proc/config.gz"
run doctor --root config-gz
if grep -q 'CONFIG_KPROBES=y' out; then
	n=$((n + 1))
	echo "ok $n - /proc/config.gz # SKIP zlib was not built in"
	gz=
else
	says '/proc/config.gz goes first' 1 \
		'No command helps: this takes a kernel with CONFIG_KPROBES.' \
		config-gz '/proc/config.gz says'
	gz=1
fi
but config-none <<<"rm boot/config-$release
	echo N >sys/module/zunwind/parameters/redirect"
misses 'the configuration, and more' "$redirect" config-none \
	"^unknown  the kernel's configuration$" 'there is no /proc/config.gz, '
but config-active <<<"rm boot/config-$release"
says 'the configuration of what is active does not matter' 0 \
	'Nothing is left to do.' config-active \
	"^note     the kernel's configuration$"
but config-loaded <<<"rm -r boot/config-$release sys/kernel/livepatch
	mkdir sys/kernel/livepatch; rm -r sys/module/zunwind/parameters"
says 'the configuration, and redirect, cannot be told' 2 \
	'Not all could be told.' config-loaded \
	"^unknown  the kernel's configuration$" \
	'^unknown  whether live patching asks zunwind$'
damaged_config() { # NAME ROOT PATTERN
	says "damaged configuration: $1" 1 "Next: $redirect" "$2" \
		"^unknown  the kernel's configuration$" "$3"
}
but config-other <<<"echo N >sys/module/zunwind/parameters/redirect
	echo nothing >boot/config-$release"
damaged_config 'another file' config-other 'is no kernel configuration'
but config-zero <<<"echo N >sys/module/zunwind/parameters/redirect
	printf '\\nCONFIG_A=y\\n\\0\\n' >boot/config-$release"
damaged_config 'a zero in it' config-zero 'is no kernel configuration'
but config-folder <<<"echo N >sys/module/zunwind/parameters/redirect
	rm boot/config-$release; mkdir boot/config-$release"
damaged_config 'a folder' config-folder 'it is no regular file'
but config-large <<<"echo N >sys/module/zunwind/parameters/redirect
	truncate -s 4194305 boot/config-$release"
damaged_config 'too large' config-large 'it has more than 4194304 bytes'
but config-fifo <<<"echo N >sys/module/zunwind/parameters/redirect
	rm boot/config-$release; mkfifo boot/config-$release"
damaged_config 'a pipe' config-fifo 'it is no regular file'
if [ -n "$gz" ]; then
	but config-cut <<<"echo N >sys/module/zunwind/parameters/redirect
		gzip -c boot/config-$release | head -c 40 >proc/config.gz
		rm boot/config-$release"
	damaged_config 'packed, cut off' config-cut 'it is cut off'
	but config-empty <<<"echo N >sys/module/zunwind/parameters/redirect
		: >proc/config.gz; rm boot/config-$release"
	damaged_config 'packed, empty' config-empty 'it is cut off'
	but config-bomb <<<"echo N >sys/module/zunwind/parameters/redirect
		head -c 4194305 /dev/zero | gzip >proc/config.gz
		rm boot/config-$release"
	damaged_config 'packed, too large' config-bomb \
		'it unpacks to more than 4194304 bytes'
	but config-plain <<<"echo N >sys/module/zunwind/parameters/redirect
		mv boot/config-$release proc/config.gz"
	damaged_config 'packed, but plain' config-plain 'config.gz: '
	but config-second <<<": >proc/config.gz"
	says 'the next configuration counts if the first is damaged' 0 \
		'Nothing is left to do.' config-second '^ok       CONFIG_KPROBES=y$'
fi

# Tables
vmlinux=/usr/lib/debug/boot/vmlinux-$release
but kernel-table <<<"rm .$firmware/$kernel_id.zut"
misses "the kernel's table" "zunwind table $vmlinux -o $firmware" kernel-table \
	'^missing  table of the kernel$' "$firmware/$kernel_id.zut is not there" \
	'is not there either'
but kernel-build <<<"rm .$firmware/$kernel_id.zut
	mkdir lib/modules/$release/build
	: >lib/modules/$release/build/vmlinux"
misses "the kernel's table, made of the vmlinux that is there" \
	"zunwind table /lib/modules/$release/build/vmlinux -o $firmware" kernel-build
! grep -q 'not there either' out
result $? 'which then is not told to be missing'
but folder <<<"rm -r .$firmware"
misses 'all tables, and their folder' \
	"mkdir -p $firmware && zunwind table $vmlinux -o $firmware" folder \
	'^missing  tables of 3 of 3 modules: xfs, zram, zunwind$'
but module-table <<<"rm .$firmware/$xfs_id.zut"
misses "a module's table" \
	"zunwind table /lib/modules/$release/kernel/fs/xfs/xfs.ko -o $firmware" \
	module-table '^missing  tables of 1 of 3 modules: xfs$' \
	'^ok       tables of 2 of 3 modules$'
but module-tables <<<"rm .$firmware/{$xfs_id,$zram_id}.zut"
misses 'tables of two modules' \
	"for m in xfs zram; do zunwind table \$(modinfo -n \$m) -o $firmware; done" \
	module-tables '^missing  tables of 2 of 3 modules: xfs, zram$'
but module-xz <<<"rm .$firmware/$xfs_id.zut
	sed -i 's/xfs.ko/&.xz/' lib/modules/$release/modules.dep"
misses "a compressed module's table" \
	"xz -dc /lib/modules/$release/kernel/fs/xfs/xfs.ko.xz >xfs.ko && zunwind table xfs.ko -o $firmware" \
	module-xz
but module-zst <<<"rm .$firmware/*.zut; cp ../$kernel_id.zut .$firmware
	sed -i 's/\\.ko/&.zst/g' lib/modules/$release/modules.dep"
misses "compressed modules' tables" \
	"for m in xfs zram zunwind; do zstd -dc \$(modinfo -n \$m) >\$m.ko && zunwind table \$m.ko -o $firmware; done" \
	module-zst
but module-mixed <<<"rm .$firmware/{$xfs_id,$zram_id,$zunwind_id}.zut
	sed -i 's/\\(xfs\\|zunwind\\).ko/&.xz/' lib/modules/$release/modules.dep"
misses 'a command is for files that are packed in one way' \
	"for m in xfs zunwind; do xz -dc \$(modinfo -n \$m) >\$m.ko && zunwind table \$m.ko -o $firmware; done" \
	module-mixed
but module-file <<<"rm .$firmware/$xfs_id.zut lib/modules/$release/modules.dep"
misses 'the table of a module whose file is not known' \
	"zunwind table xfs.ko -o $firmware" module-file
but module-odd <<<"rm .$firmware/$xfs_id.zut
	echo 'a;b/xfs.ko:' >lib/modules/$release/modules.dep"
misses 'the table of a module whose file has an odd name' \
	"zunwind table xfs.ko -o $firmware" module-odd
but module-dash <<<"rm .$firmware/$xfs_id.zut
	echo 'x-f_s.ko:' >lib/modules/$release/modules.dep
	mv sys/module/{xfs,x_f_s}; sed -i s/^xfs/x_f_s/ proc/modules
	sed -i s/^xfs/x_f_s/ sys/kernel/debug/zunwind/tables"
misses 'a module whose file is spelt another way' \
	"zunwind table /lib/modules/$release/x-f_s.ko -o $firmware" module-dash
but many <<<"for i in 1 2 3 4 5 6 7 8 9; do
	add_module . m\$i 4\$i; done"
says 'of many modules some are named, and all in the command' 1 \
	"Next: zunwind table m1.ko -o $firmware" many \
	'^missing  tables of 9 of 12 modules: m1, m2, m3, m4, m5, m6, m7, m8 and 1 more$'
but nameless <<<'rm -r sys/module/xfs/notes
	sed -i "s/^xfs .*/xfs - no-build-id/" sys/kernel/debug/zunwind/tables'
says 'a module without a build-id' 1 'No command helps.' nameless \
	'^missing  build-ids of 1 of 3 modules: xfs$'
but gone <<<'rm -r sys/module/xfs'
says 'a module that has gone meanwhile' 0 'Nothing is left to do.' gone \
	'^ok       tables of 2 of 2 modules$'
but no-modules <<<'rm proc/modules'
says 'no module at all' 0 'Nothing is left to do.' no-modules

# Where tables are looked for, in the kernel's order
number=0
for folder in /some/where /lib/firmware/updates/$release /lib/firmware/updates \
	/lib/firmware/$release; do
	number=$((number + 1))
	but at$number <<<"mkdir -p .$folder sys/module/firmware_class/parameters
		mv .$firmware .$folder/zunwind
		echo /some/where >sys/module/firmware_class/parameters/path"
	says "tables in $folder" 0 'Nothing is left to do.' at$number
	but first$number <<<"mkdir -p .$folder/zunwind
		mkdir -p sys/module/firmware_class/parameters
		echo /some/where >sys/module/firmware_class/parameters/path
		cp ../$zram_id.zut .$folder/zunwind/$xfs_id.zut"
	misses "a table that hides the right one, in $folder" \
		"zunwind table /lib/modules/$release/kernel/fs/xfs/xfs.ko -o $folder/zunwind" \
		first$number '^missing  table of module xfs$' \
		'was made for another build of it'
done
but packed <<<"gzip -c .$firmware/$xfs_id.zut >.$firmware/$xfs_id.zut.zst
	rm .$firmware/$xfs_id.zut"
says 'a compressed table is left to zunwind.ko' 0 'Nothing is left to do.' \
	packed '^note     table of module xfs$' 'was not looked into'

# Tables that are none
bad_table() { # NAME PATTERN; what is done to xfs's table is on stdin
	local root
	number=$((number + 1))
	root=bad$number
	but $root <<<"cd .$firmware; x=$xfs_id.zut; $(cat)"
	misses "$1" \
		"zunwind table /lib/modules/$release/kernel/fs/xfs/xfs.ko -o $firmware" \
		$root '^missing  table of module xfs$' "$2"
}
bad_table 'a damaged table' 'its checksum is wrong' <<<\
	"printf x | dd of=\$x bs=1 seek=60 conv=notrunc status=none"
bad_table 'a table that is cut off' 'it is cut off' <<<"truncate -s -5 \$x"
bad_table 'an empty table' 'it is no unwind table' <<<": >\$x"
bad_table 'a folder in place of a table' 'it is no unwind table' <<<\
	"rm \$x; mkdir \$x"
bad_table 'a pipe in place of a table' 'it is no unwind table' <<<\
	"rm \$x; mkfifo \$x"
bad_table "another module's table" 'was made for another build' <<<\
	"cp $zram_id.zut \$x"
bad_table 'a table of the right build-id, but of a kernel' \
	'was made for another build' <<<"cp ../../../../kernel-xfs.zut.odd \$x"
bad_table "the kernel's table, for a module" 'was made for another build' <<<\
	"cp $kernel_id.zut \$x"
but loop <<<"ln -sf $xfs_id.zut .$firmware/$xfs_id.zut"
says 'a table that cannot be read' 2 'Not all could be told.' loop \
	'^unknown  table of module xfs$' 'Too many levels of symbolic links'

# What is running
but debugfs <<<': >proc/mounts'
misses debugfs 'mount -t debugfs debugfs /sys/kernel/debug' debugfs \
	'^missing  debugfs at /sys/kernel/debug$'
but module <<<'rm -r sys/module/zunwind; sed -i /^zunwind/d proc/modules'
misses zunwind.ko 'modprobe zunwind' module \
	'^missing  zunwind.ko is not loaded$' \
	"It is /lib/modules/$release/extra/zunwind.ko."
but depmod <<<"rm -r sys/module/zunwind; sed -i /^zunwind/d proc/modules
	sed -i /zunwind/d lib/modules/$release/modules.dep
	mkdir lib/modules/$release/updates
	: >lib/modules/$release/updates/zunwind.ko.xz"
misses 'depmod' 'depmod && modprobe zunwind' depmod \
	"/lib/modules/$release/updates/zunwind.ko.xz, which depmod has not seen"
but build <<<"rm -r sys/module/zunwind; sed -i /^zunwind/d proc/modules
	sed -i /zunwind/d lib/modules/$release/modules.dep"
misses 'zunwind.ko, built' \
	'make kmod && insmod kmod/zunwind.ko' build \
	"Nor is it in /lib/modules/$release"
but off <<<'echo N >sys/module/zunwind/parameters/redirect'
misses redirect "$redirect" off '^missing  live patching does not ask zunwind$'
but odd-redirect <<<'echo maybe >sys/module/zunwind/parameters/redirect'
says 'redirect is neither on nor off' 2 'Not all could be told.' odd-redirect \
	'^unknown  whether live patching asks zunwind$'
but transition <<<'echo 1 >sys/kernel/livepatch/p/transition'
says 'a transition is told' 0 'Nothing is left to do.' transition \
	'^note     live patch p is in transition$'

# What zunwind.ko says of its tables
tables=sys/kernel/debug/zunwind/tables
but late <<<"sed -i 's/^\(xfs\|vmlinux\) .* loaded/\1 x none/' $tables"
misses 'tables that came after zunwind.ko' "$reload" late \
	'^missing  zunwind.ko does not use all tables that are there$' \
	'They came after it: vmlinux xfs'
but late-loading <<<"sed -i 's/^\(xfs .*\) loaded/\1 loading/' $tables"
misses 'a table that zunwind.ko is about to load' "$reload" late-loading \
	'^missing  zunwind.ko does not use all tables that are there$' \
	'They came after it: xfs'
but late-none <<<"sed -i 's/^\(xfs .*\) loaded/\1 none/' $tables
	rm .$firmware/$xfs_id.zut"
misses 'a table that is nowhere is told once' \
	"zunwind table /lib/modules/$release/kernel/fs/xfs/xfs.ko -o $firmware" \
	late-none '^ok       zunwind.ko uses the tables of 3 of 4 objects$'
! grep -q 'does not use all' out
result $? 'and not again'
but refused <<<"sed -i 's/^\(xfs .*\) loaded/\1 refused its code is another/' $tables"
misses 'a table that zunwind.ko refuses' \
	"zunwind table /lib/modules/$release/kernel/fs/xfs/xfs.ko -o $firmware; $reload" \
	refused '^missing  zunwind.ko refuses the table of xfs$' \
	'^ +It says: its code is another$'
but refused-kernel <<<"sed -i 's/^\(vmlinux .*\) loaded/\1 refused/' $tables"
misses "the kernel's table, refused" \
	"zunwind table $vmlinux -o $firmware; $reload" refused-kernel \
	'^missing  zunwind.ko refuses the table of the kernel$'
but unlisted <<<"sed -i /^xfs/d $tables"
says 'an object that zunwind.ko does not list' 2 'Not all could be told.' unlisted \
	'^unknown  zunwind.ko says nothing of some tables$' 'They are of: xfs'
but other-state <<<"sed -i 's/loaded/sleeping/' $tables"
says 'a state that is not known' 2 'Not all could be told.' other-state \
	'They are of: vmlinux xfs zram zunwind'
but no-list <<<"rm $tables"
says 'no list' 2 'Not all could be told.' no-list \
	'^unknown  tables that zunwind.ko uses$' 'No such file or directory'
but escape <<<"printf 'vmlinux - refused \\033[2J\\n' >$tables"
run doctor --root escape
! LC_ALL=C grep -q '[^ -~]' out
result $? 'what cannot be printed is not'

# The first thing that is missing comes first, and missing outweighs unknown
but order <<<"rm -r .$firmware sys/module/zunwind; : >proc/mounts
	sed -i /^zunwind/d proc/modules"
misses 'tables before all else' \
	"mkdir -p $firmware && zunwind table $vmlinux -o $firmware" order
mkdir -p order$firmware && cp ./*.zut order$firmware/
misses 'then debugfs' 'mount -t debugfs debugfs /sys/kernel/debug' order
cp all/proc/mounts order/proc/
misses 'then zunwind.ko' 'modprobe zunwind' order
but both <<<"rm $tables; echo N >sys/module/zunwind/parameters/redirect"
misses 'missing outweighs unknown' "$redirect" both \
	'^unknown  tables that zunwind.ko uses$'

# Not a system to look at
refuses 'no such system' 'cannot tell what this system is: .*osrelease: No such' \
	--root nowhere
but arch <<<'echo x86_64 >proc/sys/kernel/arch'
refuses 'another architecture' 'it is x86_64; zunwind is for s390x' --root arch
but no-arch <<<'rm proc/sys/kernel/arch'
refuses 'no architecture' 'arch: No such file' --root no-arch
for text in '' '../../x' 'a b' "\$(id)"; do
	but release <<<"echo '$text' >proc/sys/kernel/osrelease"
	refuses "no release: '$text'" 'has no kernel release' --root release
	rm -r release
done
but release-long <<<'printf %065d 0 >proc/sys/kernel/osrelease'
refuses 'a release that is too long' 'its first line is too long' \
	--root release-long
but release-binary <<<"printf '7\\001' >proc/sys/kernel/osrelease"
refuses 'a release with odd bytes' "bytes that can't be printed" \
	--root release-binary
unknown_objects() { # NAME ROOT PATTERN
	says "$1" 2 'Not all could be told.' "$2" \
		'^unknown  build-ids of the kernel and its modules$' "$3"
}
but notes-none <<<'rm sys/kernel/notes'
unknown_objects 'no notes' notes-none 'notes: No such file'
but notes-empty <<<': >sys/kernel/notes'
unknown_objects 'no note' notes-empty 'it has no build-id'
but notes-cut <<<'truncate -s 20 sys/kernel/notes'
unknown_objects 'a note that is cut off' notes-cut 'note 0: it has 36 bytes, 20 are left'
but notes-long <<<'printf "\0\0\0\4\0\0\0\041\0\0\0\3GNU\0%033d" 0 >sys/kernel/notes'
unknown_objects 'a build-id that is too long' notes-long '33 bytes is too long'
but modules-odd <<<'echo "../x 1 0 - Live 0x0" >>proc/modules'
unknown_objects 'a module with an odd name' modules-odd 'module 4 has no proper name'
but modules-long <<<'printf "%056d 1 0 - Live 0x0" 0 >>proc/modules'
unknown_objects 'a module with a long name' modules-long 'module 4 has no proper name'
but modules-large <<<'truncate -s 4194305 proc/modules'
unknown_objects 'too many modules' modules-large 'more than 4194304 bytes'

# Not root: debugfs is root's alone
but private <<<'chmod 700 sys/kernel/debug'
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	chmod 755 .
	own=$zunwind
	zunwind="setpriv --reuid 65534 --regid 65534 --clear-groups $own"
	says 'not root' 2 'Next: sudo zunwind doctor' private \
		'^unknown  tables that zunwind.ko uses$' 'Permission denied'
	zunwind=$own
	says 'and root' 0 'Nothing is left to do.' private
else
	n=$((n + 1))
	echo "ok $n - not root # SKIP needs root and setpriv"
fi

# JSON, and the command line
json() { # NAME STATUS ROOT EXPRESSION
	local ok=0
	run doctor --root "$3" --format json
	[ $status -eq "$2" ] && [ ! -s err ] || ok=1
	python3 -c 'import json, sys
d = json.load(open("out"))
assert d["schema"] == "zunwind.doctor/1"
assert eval("(" + sys.argv[1] + ")"), d' "$4" 2>>err || ok=1
	result $ok "$1"
}
json 'JSON: everything is there' 0 all "d['state'] == 'ok' and d['next'] is None
	and d['release'] == '$release' and d['build_id'] == '$kernel_id'
	and {c['state'] for c in d['checks']} == {'ok', 'note'}"
json 'JSON: what is missing' 1 module-tables "d['state'] == 'missing'
	and d['next'].startswith('for m in xfs zram; ')
	and [c['objects'] for c in d['checks'] if c['state'] == 'missing']
	    == [['xfs', 'zram']]"
json 'JSON: what no command helps' 1 config-KPROBES "d['next'] is None
	and [c['text'] for c in d['checks'] if c['state'] == 'missing'
	     and c['check'] == 'config'] == ['CONFIG_KPROBES']"
json 'JSON: what is unknown' 2 no-list "d['state'] == 'unknown'
	and [c['check'] for c in d['checks'] if c['state'] == 'unknown']
	    == ['loaded']"
refuses 'misuse: a word too many' "what is 'live'" live
refuses 'misuse: no such format' "there is no format 'folded'" --format folded
refuses 'misuse: a root with a long name' 'too long' \
	--root "$(printf %04096d 0)"
if [ -w /dev/full ]; then
	# shellcheck disable=SC2086 # several words
	$zunwind doctor --root all >/dev/full 2>err
	[ $? -eq 2 ] && grep -q 'cannot write the output' err
	result $? 'output that cannot be written'
fi

echo "1..$n"
exit $failed
