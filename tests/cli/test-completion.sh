#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What Tab does in a real bash, zsh or fish on a terminal of tmux; the objects are
# those of the stand-in daemon.
# test-completion.sh SHELL NVMPATHCTL FAKE-NVMPATHD SCENARIO
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
shell=$1
need tmux dbus-daemon busctl "$shell"
ctl=$(realpath "$2") fake=$(realpath "$3") scenario=$(realpath "$4")
files=$here/../../cli/completion
begin
trap 'tm kill-server 2>/dev/null; cleanup' EXIT

tm() { tmux -S "$T/tmux" -f /dev/null "$@"; }
evidence() { tm capture-pane -p; }
# Not a pattern: what is typed is full of dots. What ends the screen's lines is not shown.
line_is() { tm capture-pane -p | grep -Fxq -- "ready>${1:+ $1}"; }
type_line() { tm send-keys -l "$1"; tm send-keys Enter; }

# becomes WHAT TYPED WANTED: the line after Tab and a mark, which shows where it stands
becomes()
{
	tm send-keys -l "nvmpathctl $2"
	tm send-keys Tab
	tm send-keys -l @
	comes "$1" line_is "nvmpathctl $3@"
	tm send-keys C-c
	type_line clear
	within line_is ''
}

# Command lines that leave each shell with this completion and the prompt.
set_up()
{
	case $shell in
	bash) echo "PS1='ready> '; . '$files/nvmpathctl.bash'" ;;
	zsh) echo "PS1='ready> '; fpath=('$files' \$fpath); autoload -U compinit; compinit -u -d '$T/dump'" ;;
	fish) echo "set fish_autosuggestion_enabled 0; function fish_prompt; echo -n 'ready> '; end; source '$files/nvmpathctl.fish'" ;;
	esac
}

start_bus session "$T/bus"
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$T/bus LC_ALL=C.UTF-8 HOME=$T
export PATH=${ctl%/*}:$PATH
start_fake "$fake" "$scenario"
unset TMUX COLUMNS
case $shell in
bash) run='bash --norc --noprofile' ;;
zsh) run='zsh -f' ;;
fish) run='fish --no-config --private' ;;
esac
tm new-session -d -x 120 -y 20 "$run"
type_line "$(set_up)"
type_line clear
must_come line_is ''

becomes "a verb" 'hist' 'history '
becomes "a path, after an option" '-q remove nvme1c1' '-q remove nvme1c10n1 '
becomes "the verb is found after an option's argument" '-d 5s top nvme1c1' '-d 5s top nvme1c10n1 '
becomes "no head for what acts" 'remove nvme1n' 'remove nvme1n'
becomes "a head for what looks" 'show nvme1n' 'show nvme1n1 '
becomes "all that addresses have in common" 'hold traddr=10.0.1' 'hold traddr=10.0.1.'
becomes "a name with a colon in it" 'show nqn.1992-08.com.example:' 'show nqn.1992-08.com.example:a1 '
becomes "a kind" 'list rem' 'list removal '
becomes "an option" 'list --no-l' 'list --no-legend '
becomes "an option's value" 'list --json=p' 'list --json=pretty '
becomes "what --survives takes" 'check --survives=nvme1c1' 'check --survives=nvme1c10n1 '
exit $bad
