/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions of all shapes that gcc makes: all proven, however they are built. */
/* SHAPE leaf_locals: stg r15,144\(r15\);.*lg r15,[0-9]+\(r15\);br r14 */
/* SHAPE leaf_registers: stmg r6,r1[0-5],72\(r15\);.*lmg r6,r1[0-5],72\(r15\) */
/* SHAPE calls: stmg r14,r15,136\(r15\);lgr r14,r15;lay r15,-24\(r15\);stg r14,152\(r15\) */
/* SHAPE calls_keeps: stmg r(6|7|8|9|1[0-3]),r15, */
/* SHAPE calls_pointer: basr r14,r1; */
/* SHAPE tail: ^aghi r2,1;jg  */
/* SHAPE tail_pointer: br r1; */
/* SHAPE wrapped: ^cgije r2,0,.*;je .*;stmg r14,r15 */
/* SHAPE local_large: slgfi r15,.*(ag|alg) r15, */
/* SHAPE local_cleared: exrl r */
/* SHAPE vla: lg r1,152\(r15\);(sgr|slgr) r15,r[0-9]+;stg r1,152\(r15\) */
/* SHAPE vla_scope: lgr r15,r[0-9]+;stg r1,152\(r15\) */
/* SHAPE varargs: stmg r3,r15,48\(r15\) */
/* SHAPE switch_calls: larl r[0-9]+,.*(b 0\(r|br r|jg .*indirect) */
/* SHAPE switch_leaf: larl r[0-9]+,.*(b 0\(r|br r|jg .*indirect) */
/* SHAPE may_die: brasl r14,[^;]*;$ */
/* SHAPE traps: j [0-9a-f]+ <traps\+ */
/* SHAPE bug: mc 0,0; */
/* SHAPE jump_label: jgnop */
/* SHAPE calls_seven: br r4; */
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
