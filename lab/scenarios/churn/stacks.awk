# SPDX-License-Identifier: GPL-2.0-or-later
# One reading of zunwind.ko's stacks, from its head to its end: each line has to be
# JSON, as it is or with what the head opens and the last line closes. Prints how
# many there are, or what is wrong.

function bad(why) {
	print "stacks, line " FNR ", " why ": " substr($0, 1, 400)
	failed = 1
	exit 1
}

# What is left of JSON if all that is complete becomes a v: v alone
function rest(s, before) {
	gsub(/\\./, "x", s)
	gsub(/"[^"]*"/, "v", s)
	gsub(/:(-?[0-9]+|true|false|null)/, ":v", s)
	do {
		before = s
		gsub(/v:v/, "p", s)
		gsub(/\{p(,p)*\}/, "v", s)
		gsub(/\[\]|\[v(,v)*\]/, "v", s)
	} while (s != before)
	return s
}

function number(name, at) {
	if (!match($0, "\"" name "\":[0-9]+"))
		bad("no " name)
	at = RSTART + length(name) + 3
	return substr($0, at, RSTART + RLENGTH - at) + 0
}

# The last line's last part, without what the head has opened
function sums() {
	tasks++
	sub(/.*\],"summary":/, "")
	if (number("tasks") != tasks ||
	    number("reliable") + number("unreliable") + number("running") != tasks)
		bad("there are " tasks)
}

ended { bad("behind the end") }

FNR == 1 {
	if ($0 !~ /^\{"schema":"zunwind.stacks\/1",.*"tasks":\[$/ ||
	    rest($0 "]}") != "v")
		bad("no head")
	next
}

!/^\{"pid":/ { bad("no task") }

/\],"summary":\{[^{]*\}\}$/ {
	if (rest("{\"tasks\":[" $0) != "v")
		bad("not complete")
	ended = 1
	sums()
	next
}

{
	if (!sub(/,$/, "") || rest($0) != "v")
		bad("not complete")
	tasks++
}

END {
	if (!failed && !ended)
		bad("no end")
	if (failed)
		exit 1
	print FNR
}
