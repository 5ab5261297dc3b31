# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Live patches of the kernel, of a module, and of one that is not loaded.
# shellcheck source=/dev/null
. /zu/patch.sh

insmod /lib/zu/livepatch_shadow_mod.ko || exit
insmod /lib/zu/livepatch_callbacks_mod.ko || exit
for patch in livepatch_sample livepatch_callbacks_demo livepatch_shadow_fix1 \
	livepatch_shadow_fix2; do
	insmod /lib/zu/$patch.ko || exit
	patch_wait $patch 30 || exit
done
# PATCH/OBJECT/FUNCTION,POSITION
cd /sys/kernel/livepatch || exit
for function in */*/*,*; do
	echo "$function"
done >/witness/patches
cat /proc/kallsyms >/witness/kallsyms
