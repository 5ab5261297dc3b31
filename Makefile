# SPDX-License-Identifier: GPL-2.0-or-later
# The front door. What builds is Meson; every target works from a fresh tree.
#
# make                  build/zunwind
# make demo             install what is missing, build, show it at work
# make check            install what is missing, build, pass all tests
# make install          DESTDIR and PREFIX say where (/usr/local)
# make lab              compare with real s390x kernels in QEMU
# make bench            measure
# make fuzz             each fuzz target for ZU_FUZZ_SECONDS (10)
# make clean            remove the build folders; downloads in .cache stay
# make help             this list

PREFIX ?= /usr/local
DESTDIR ?=

all:
	@command -v meson >/dev/null || tools/setup.sh build
	@tools/configure build
	@ninja -C build --quiet

demo:
	@tools/setup.sh build
	@$(MAKE) --no-print-directory all
	@tools/demo

check:
	@tools/setup.sh check
	@tools/check

install: all
	@meson configure build -Dprefix='$(PREFIX)'
	@DESTDIR='$(DESTDIR)' meson install -C build
	@[ -n '$(DESTDIR)' ] || ldconfig 2>/dev/null || true

lab:
	@tools/setup.sh lab
	@$(MAKE) --no-print-directory all
	@lab/lab run

bench: all
	@bench/run

fuzz:
	@tools/setup.sh check
	@tools/check fuzz

clean:
	rm -rf build build-asan build-bare build-check build-fuzz build-guest build-s390x

help:
	@sed -n 's/^# make/make/p' Makefile

.PHONY: all demo check install lab bench fuzz clean help
