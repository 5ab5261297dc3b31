/* SPDX-License-Identifier: GPL-2.0-or-later */
/* anybody COMMAND [ARG]...: run it as a user who is not root */
#include <grp.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 2 || setgroups(0, NULL) || setgid(1000) || setuid(1000)) {
		perror("anybody");
		return 3;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 3;
}
