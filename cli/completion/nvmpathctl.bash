# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# nvmpathctl: verbs, options, and objects from the bus.

_nvmpathctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} verb='' i

	# readline splits at "=": traddr=10.0.0.1 and --json=short are three words
	[ "$cur" != = ] || cur=''
	[ "$prev" != = ] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	case $prev in
	--json) mapfile -t COMPREPLY < <(compgen -W 'short pretty' -- "$cur"); return ;;
	--survives) mapfile -t COMPREPLY < <(compgen -W "$(nvmpathctl complete plan 2>/dev/null)" -- "$cur"); return ;;
	--textfile) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	-H | --host) mapfile -t COMPREPLY < <(compgen -A hostname -- "$cur"); return ;;
	traddr | host-traddr | host-iface | pci)
		mapfile -t COMPREPLY < <(compgen -W "$(nvmpathctl complete plan 2>/dev/null |
			sed -n "s/^$prev=//p")" -- "$cur")
		return ;;
	esac
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == [a-z]* ]] && { verb=${COMP_WORDS[i]}; break; }
	done
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '--json= --output= --no-legend --no-pager --quiet
			--since= --until= --reason= --timeout= --ttl= --bound --keep-held --force
			--survives= --textfile= --delay= --batch --lines= --host= --bus= --help
			--version' -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -W "$(nvmpathctl complete ${verb:+"$verb"} \
			2>/dev/null)" -- "$cur")
	fi
	[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace
}

complete -F _nvmpathctl nvmpathctl
