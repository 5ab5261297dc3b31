/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes an object file a module that says that it is a live patch. */
#define INFO(name, text) \
	static const char name[] \
	__attribute__((used, section(".modinfo"), aligned(1))) = text

INFO(license, "license=GPL");
INFO(livepatch, "livepatch=Y");

struct module {
	char bytes[64];
};

struct module __this_module
	__attribute__((section(".gnu.linkonce.this_module")));

#define NEW(name) static void name(void) { __asm__ volatile ("nop"); }
