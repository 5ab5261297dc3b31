# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# In the guest: a line now and then, by which the host sees that it runs; and
# enough threads for a figure that means something.
i=0
while [ $i -lt 12 ]; do
	sleep 100000 &
	i=$((i + 1))
done
(
	i=0
	while :; do
		echo "tick $i"
		i=$((i + 1))
		sleep 0.2
	done
) &
