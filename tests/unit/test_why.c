/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words and sentences of the reasons: programs and operators read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/why.h"

/* Once published, a word stays. New ones are added here as well. */
static void test_words_are_stable(void **state)
{
	static const struct {
		enum zu_why why;
		const char *word;
	} words[] = {
		{ ZU_WHY_BAD_START, "bad-start" },
		{ ZU_WHY_MISALIGNED, "misaligned" },
		{ ZU_WHY_OFF_STACK, "off-stack" },
		{ ZU_WHY_BACKWARDS, "backwards" },
		{ ZU_WHY_NOT_TEXT, "not-text" },
		{ ZU_WHY_EXCEPTION_FRAME, "exception-frame" },
		{ ZU_WHY_NO_END, "no-end" },
		{ ZU_WHY_UNRESOLVED_FGRAPH, "unresolved-fgraph" },
		{ ZU_WHY_UNRESOLVED_RETHOOK, "unresolved-rethook" },
		{ ZU_WHY_TOO_DEEP, "too-deep" },
		{ ZU_WHY_HIDDEN_CALLER, "hidden-caller" },
		{ ZU_WHY_UNREADABLE, "unreadable" },
		{ ZU_WHY_FRAME_SIZE, "frame-size" },
		{ ZU_WHY_CALL_SITE, "call-site" },
		{ ZU_WHY_NO_ROW, "no-row" },
		{ ZU_WHY_CHANGED, "changed" },
	};
	size_t i, n = sizeof(words) / sizeof(words[0]);

	(void)state;
	for (i = 0; i < n; i++)
		assert_string_equal(zu_why_word(words[i].why), words[i].word);
	assert_int_equal(n, ZU_WHY_COUNT - 1);
}

static void test_words_are_words(void **state)
{
	int i, j;

	(void)state;
	for (i = 1; i < ZU_WHY_COUNT; i++) {
		const char *word = zu_why_word((enum zu_why)i);

		assert_non_null(word);
		assert_int_equal(strspn(word, "abcdefghijklmnopqrstuvwxyz-"),
				 strlen(word));
		for (j = 1; j < i; j++)
			assert_string_not_equal(word,
						zu_why_word((enum zu_why)j));
	}
}

static void test_texts_are_sentences(void **state)
{
	int i, j;

	(void)state;
	for (i = 1; i < ZU_WHY_COUNT; i++) {
		const char *text = zu_why_text((enum zu_why)i);

		assert_non_null(text);
		assert_true(strlen(text) > 20);
		assert_null(strchr(text, '\n'));
		assert_null(strstr(text, "  "));
		assert_null(strchr(".! ", text[strlen(text) - 1]));
		for (j = 1; j < i; j++)
			assert_string_not_equal(text,
						zu_why_text((enum zu_why)j));
	}
}

static void test_no_reason(void **state)
{
	(void)state;
	assert_int_equal(ZU_WHY_NONE, 0);
	assert_null(zu_why_word(ZU_WHY_NONE));
	assert_null(zu_why_text(ZU_WHY_NONE));
	assert_null(zu_why_word(ZU_WHY_COUNT));
	assert_null(zu_why_text(ZU_WHY_COUNT));
	assert_null(zu_why_word((enum zu_why)-1));
	assert_null(zu_why_text((enum zu_why)-1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_are_stable),
		cmocka_unit_test(test_words_are_words),
		cmocka_unit_test(test_texts_are_sentences),
		cmocka_unit_test(test_no_reason),
	};

	return cmocka_run_group_tests_name("why", tests, NULL, NULL);
}
