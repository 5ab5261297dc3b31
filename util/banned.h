/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions that zunwind does not use: they write past the end, say nothing
 * of an error, or keep hidden state. The build puts this header in front of
 * each of our C sources. It includes nothing, so a source still has to
 * include what it uses.
 */
#ifndef ZU_UTIL_BANNED_H
#define ZU_UTIL_BANNED_H

#if __has_attribute(unavailable)
#define ZU_BANNED(instead) __attribute__((unavailable(instead)))
#else
#define ZU_BANNED(instead) __attribute__((deprecated(instead)))
#endif

char *strcpy(char *dst, const char *src)
	ZU_BANNED("use snprintf() or memcpy()");
char *stpcpy(char *dst, const char *src)
	ZU_BANNED("use snprintf() or memcpy()");
char *strcat(char *dst, const char *src)
	ZU_BANNED("use snprintf()");
char *strncpy(char *dst, const char *src, __SIZE_TYPE__ size)
	ZU_BANNED("use snprintf() or memcpy()");
char *strncat(char *dst, const char *src, __SIZE_TYPE__ size)
	ZU_BANNED("use snprintf()");
int sprintf(char *dst, const char *fmt, ...)
	ZU_BANNED("use snprintf()");
int vsprintf(char *dst, const char *fmt, __builtin_va_list ap)
	ZU_BANNED("use vsnprintf()");
char *gets(char *dst)
	ZU_BANNED("use getline()");
char *strtok(char *s, const char *delim)
	ZU_BANNED("use strcspn(): strtok() keeps state");
int atoi(const char *s)
	ZU_BANNED("use strtoull() and look at its end: atoi() knows no error");
long atol(const char *s)
	ZU_BANNED("use strtoull() and look at its end: atol() knows no error");
long long atoll(const char *s)
	ZU_BANNED("use strtoull() and look at its end: atoll() knows no error");
int sscanf(const char *s, const char *fmt, ...)
	ZU_BANNED("use strtoull(): sscanf() overflows without a word");
char *tmpnam(char *s)
	ZU_BANNED("use mkstemp()");
char *mktemp(char *template)
	ZU_BANNED("use mkstemp()");
int rand(void)
	ZU_BANNED("keep the state of a generator where it is used");

#undef ZU_BANNED

#endif
