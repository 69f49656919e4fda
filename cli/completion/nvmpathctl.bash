# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# nvmpathctl: verbs, options, and objects from the bus.

# The verb among the words given so far, if there is one.
_nvmpathctl_verb()
{
	while [ $# -gt 0 ]; do
		case $1 in
		-[Hodn] | --host | --output | --delay | --lines | --json | --since | --until | \
		--reason | --timeout | --ttl | --sort | --survives | --textfile | --bus) shift ;;
		-*) ;;
		*) echo "$1"; return ;;
		esac
		shift
	done
}

# $1 the last word, as typed so far, $2 the one before it, $3 the verb: what it may become
_nvmpathctl_words()
{
	case $1 in
	--json=*) printf '%s\n' --json=short --json=pretty ;;
	--sort=*) printf -- '--sort=%s\n' condition failovers redirects inflight name ;;
	--survives=*) nvmpathctl complete plan 2>/dev/null | sed 's/^/--survives=/' ;;
	--textfile=*) compgen -P --textfile= -f -- "${1#*=}" ;;
	--host=*) compgen -P --host= -A hostname -- "${1#*=}" ;;
	-*)
		printf '%s\n' --json= --output= --no-legend --no-pager --quiet --since= --until= \
			--reason= --timeout= --ttl= --bound --keep-held --force --exclude \
			--survives= --textfile= --sort= --delay= --batch --lines= --host= --bus= --help \
			--version
		;;
	*)
		case $2 in
		-H | --host) compgen -A hostname -- "$1" ;;
		*) nvmpathctl complete ${3:+"$3"} 2>/dev/null ;;
		esac
		;;
	esac
}

_nvmpathctl()
{
	local line=${COMP_LINE:0:COMP_POINT} cur=${COMP_WORDS[COMP_CWORD]} word given

	word=${line##*[[:space:]]}
	read -ra given <<<"${line%"$word"}"
	mapfile -t COMPREPLY < <(compgen -W "$(_nvmpathctl_words "$word" "${given[-1]}" \
		"$(_nvmpathctl_verb "${given[@]:1}")")" -- "$word")
	# readline breaks words at "=" and ":", and wants what follows alone
	case $cur in
	= | :) cur='' ;;
	esac
	COMPREPLY=("${COMPREPLY[@]#"${word%"$cur"}"}")
	[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace
}

complete -F _nvmpathctl nvmpathctl
