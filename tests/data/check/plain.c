/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions of all shapes that gcc makes: all proven, however they are built. */
/* BUILD -O2 -march=z10 */
/* BUILD -O2 -march=z196 */
/* BUILD -O2 -march=zEC12 */
/* BUILD -O2 -march=z13 */
/* BUILD -O2 -march=z14 */
/* BUILD -O2 -march=z15 */
/* BUILD -O2 -march=z16 */
/* BUILD -O2 -march=z10 -mtune=z13 */
/* BUILD -O2 -march=z13 -mtune=z10 */
/* BUILD -Os -march=z13 */
/* BUILD -O1 -march=z13 */
/* BUILD -O0 -march=z13 */
/* BUILD -O3 -march=z14 -funroll-loops */
/* BUILD -O2 -march=z13 -fasynchronous-unwind-tables -g */
/* BUILD -O2 -march=z13 -pg -mfentry -mnop-mcount */
/* BUILD -O2 -march=z10 -pg -mfentry -mrecord-mcount -mnop-mcount */
/* BUILD -O2 -march=z13 -pg -mfentry */
/* BUILD -O2 -march=z13 -mhotpatch=0,3 */
/* BUILD -O2 -march=z13 -fstack-protector */
/* BUILD -O2 -march=z10 -fstack-protector-strong */
/* BUILD -O2 -march=z14 -fstack-protector-all */
/* BUILD -O2 -march=z10 -mindirect-branch=thunk -mfunction-return=thunk */
/* BUILD -O2 -march=z13 -mindirect-branch=thunk-extern -mfunction-return=thunk-extern -mindirect-branch-table */
/* BUILD -O2 -march=z10 -mindirect-branch-jump=thunk-inline */
/* BUILD -O2 -march=z13 -fPIC */
/* BUILD -O2 -march=z10 -fPIE */
/* BUILD -O2 -march=z13 -fno-omit-frame-pointer -fno-optimize-sibling-calls */
/* BUILD -O2 -march=z13 -fno-jump-tables */
/* BUILD -O2 -march=z13 -ftrivial-auto-var-init=zero */
/* BUILD -O2 -march=z13 -ffunction-sections -fconserve-stack */
/* BUILD -O2 -march=z13 -fstack-clash-protection */
/* BUILD -O2 -march=z13 -fno-shrink-wrap */
/* BUILD -O2 -march=z13 -fsanitize=kernel-address --param=asan-stack=1 */
/* BUILD -O2 -march=z13 -fsanitize-coverage=trace-pc -fsanitize=undefined */
#include "functions.h"
