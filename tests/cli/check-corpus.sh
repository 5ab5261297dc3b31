#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# zunwind check finds each fault that was put into small functions, and nothing
# in those that are as they should be: tests/data/check/README.md.
set -u
exec python3 "${TOP:?}/tests/make/corpus.py" "$TOP/tests/data/check"
