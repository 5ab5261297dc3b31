/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions of plain.c without a back chain. */
/* CHECK --no-back-chain */
/* BUILD -O2 -march=z10 -mno-backchain */
/* BUILD -O2 -march=z13 -mno-backchain */
/* BUILD -O2 -march=z15 -mno-backchain */
/* BUILD -Os -march=z13 -mno-backchain */
/* BUILD -O2 -march=z13 -mno-backchain -fasynchronous-unwind-tables */
/* BUILD -O2 -march=z13 -mno-backchain -pg -mfentry -mnop-mcount */
/* BUILD -O2 -march=z10 -mno-backchain -mindirect-branch=thunk -mfunction-return=thunk */
/* BUILD -O2 -march=z13 -mno-backchain -fstack-protector-strong */
#include "functions.h"
