/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions, for zuwait.ko and, once more, for the patches. Who includes
 * this defines ZU_FN(name), and zu_text, what stands before each of them. They
 * call each other by the names of the original ones.
 */

static __always_inline int zu_wait_now(int how)
{
	switch (how) {
	case 'S':
		return wait_event_interruptible(zu_wait_queue,
						READ_ONCE(zu_wait_over));
	case 'D':
		wait_event(zu_wait_queue, READ_ONCE(zu_wait_over));
		break;
	default:
		wait_event_idle(zu_wait_queue, READ_ONCE(zu_wait_over));
	}
	return 0;
}

zu_text int ZU_FN(inner)(int how, int depth)
{
	return zu_wait_now(how) + depth;
}

zu_text int ZU_FN(middle)(int how, int depth)
{
	int r = zu_wait_inner(how, depth);

	barrier();
	return r ? r + 1 : 0;
}

zu_text int ZU_FN(outer)(int how, int depth)
{
	int r = zu_wait_middle(how, depth);

	barrier();
	return r ? r - 1 : 0;
}

zu_text int ZU_FN(deep)(int how, int depth)
{
	int r = depth ? zu_wait_deep(how, depth - 1) : zu_wait_inner(how, 0);

	barrier();
	return r;
}

zu_text int ZU_FN(many)(int how, int depth)
{
	return zu_wait_now(how) + depth;
}

/*
 * Always busy; in a kernel without preemption, others get the CPU here. Not too often:
 * each time live patching says in the log why it does not switch this thread.
 */
zu_text int ZU_FN(spin)(int how, int depth)
{
	unsigned long i;

	while (!READ_ONCE(zu_wait_over)) {
		for (i = 0; i < 3000000; i++)
			barrier();
		if (!IS_ENABLED(CONFIG_PREEMPTION))
			cond_resched();
		depth++;
	}
	return how + depth;
}

/* On no stack, ever */
zu_text int ZU_FN(nobody)(int how, int depth)
{
	return how + depth;
}
