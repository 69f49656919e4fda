# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Says on stderr how far something is that takes minutes; sourced, never run. On a
# terminal it is one line that is written anew, else a line every 15 seconds.

progress_secs=15

# $1 seconds: "2 min 05 s", or "12 s"
minutes() {
	if [ "$1" -lt 60 ]; then
		echo "$1 s"
	else
		printf '%d min %02d s\n' $(($1 / 60)) $(($1 % 60))
	fi
}

# $1 what is done, $2 how far, $3 second at which it began, $4 second at which it
# was last said; says it if it is time to, and sets "told".
progress_tell() {
	told=$4
	if [ -t 2 ]; then
		[ $SECONDS != "$4" ] || return 0
		printf '\r\e[K%s: %s: %s, %s' "${0##*/}" "$1" "$2" \
			"$(minutes $((SECONDS - $3)))" >&2
	else
		[ $((SECONDS - $4)) -ge $progress_secs ] || return 0
		say "$1: $2, $(minutes $((SECONDS - $3)))"
	fi
	told=$SECONDS
}

# $1 what was done, $2 how much, $3 second at which it began
progress_end() {
	[ ! -t 2 ] || printf '\r\e[K' >&2
	say "$1: $2 in $(minutes $((SECONDS - $3)))"
}

# Counts the lines of its input that match $3 (an extended regular expression) as
# things done of about $2 (0: not known); $1 what is being done, $4 their name.
progress_lines() {
	local what=$1 total=$2 like=$3 unit=$4 n=0 start=$SECONDS told=$SECONDS line code far
	while :; do
		code=0
		IFS= read -r -t 1 line || code=$?
		[ $code = 0 ] || [ $code -gt 128 ] || break
		[ $code != 0 ] || [[ ! $line =~ $like ]] || n=$((n + 1))
		[ $told != $SECONDS ] || continue
		far="$n $unit"
		[ "$total" = 0 ] || far="$n of about $((n > total ? n : total)) $unit"
		progress_tell "$what" "$far" "$start" "$told"
	done
	progress_end "$what" "$n $unit" "$start"
}

# The same for what apt says with APT::Status-Fd: percents, and what it is at.
progress_apt() {
	local what=$1 start=$SECONDS told=$SECONDS kind percent far='' code line
	while :; do
		code=0
		IFS= read -r -t 1 line || code=$?
		[ $code = 0 ] || [ $code -gt 128 ] || break
		IFS=: read -r kind _ percent _ <<<"$line"
		case $code$kind in
		0dlstatus) far="downloading, ${percent%%.*} %" ;;
		0pmstatus) far="installing, ${percent%%.*} %" ;;
		esac
		[ $told != $SECONDS ] || continue
		progress_tell "$what" "${far:-waiting}" "$start" "$told"
	done
	progress_end "$what" "done" "$start"
}
