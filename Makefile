# SPDX-License-Identifier: GPL-2.0-or-later
# The front door. What builds is Meson; every target works from a fresh tree.
#
# make                  build/zunwind
# make demo             install what is missing, build, show it at work
# make check            install what is missing, build, pass all tests
# make install          DESTDIR and PREFIX say where (/usr/local)
# make kmod             kmod/zunwind.ko for the kernel tree KDIR (the one that runs)
# make install-dkms     its sources, for DKMS, in DESTDIR/usr/src
# make lab              compare with real s390x kernels in QEMU
# make bench            measure
# make fuzz             each fuzz target for ZU_FUZZ_SECONDS (10)
# make clean            remove the build folders; downloads in .cache stay
# make help             this list

PREFIX ?= /usr/local
DESTDIR ?=

# The kernel module: KDIR is a kernel's build tree or its headers. Where that is
# for another machine than this one, CROSS_COMPILE names the tools.
KDIR ?= /lib/modules/$(shell uname -r)/build
ifneq ($(shell uname -m),s390x)
CROSS_COMPILE ?= s390x-linux-gnu-
endif
VERSION = $(shell sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)

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

kmod:
	@[ -e '$(KDIR)/Makefile' ] || \
		{ echo "KDIR='$(KDIR)' is no kernel's build tree" >&2; exit 2; }
	@$(MAKE) --no-print-directory -C '$(KDIR)' M='$(CURDIR)/kmod' ARCH=s390 \
		CROSS_COMPILE='$(CROSS_COMPILE)' modules

install-dkms:
	@install -d '$(DESTDIR)/usr/src/zunwind-$(VERSION)/kmod'
	@cp -r core '$(DESTDIR)/usr/src/zunwind-$(VERSION)/'
	@cd kmod && find . -name '*.[ch]' -o -name '*.def' -o -name Kbuild | \
		cpio -pdm --quiet '$(DESTDIR)/usr/src/zunwind-$(VERSION)/kmod'
	@sed 's/@VERSION@/$(VERSION)/' kmod/dkms.conf.in \
		>'$(DESTDIR)/usr/src/zunwind-$(VERSION)/dkms.conf'

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

.PHONY: all demo check install kmod install-dkms lab bench fuzz clean help
