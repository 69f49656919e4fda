# SPDX-License-Identifier: LGPL-2.1-or-later
# nvmpathctl: verbs, options, and objects from the bus.

# The verb among the words given so far, if there is one.
function __nvmpathctl_verb
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word -H -o -d -n --host --output --delay --lines --json --since \
                --until --reason --timeout --ttl --sort --survives --textfile --bus
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
            return 0
        end
    end
    return 1
end

function __nvmpathctl_words
    nvmpathctl complete (__nvmpathctl_verb) 2>/dev/null
end

complete -c nvmpathctl -f
complete -c nvmpathctl -a '(__nvmpathctl_words)'
complete -c nvmpathctl -l json -x -a 'short pretty' -d 'JSON instead of tables'
complete -c nvmpathctl -s o -l output -x -d 'columns'
complete -c nvmpathctl -l no-legend -d 'no column heads'
complete -c nvmpathctl -l no-pager -d 'no pager'
complete -c nvmpathctl -s q -l quiet -d 'errors alone'
complete -c nvmpathctl -l since -x -d 'from then on'
complete -c nvmpathctl -l until -x -d 'up to then'
complete -c nvmpathctl -l reason -x -d 'why'
complete -c nvmpathctl -l timeout -x -d 'of the drain'
complete -c nvmpathctl -l ttl -x -d 'of a hold'
complete -c nvmpathctl -l bound -d 'end the hold with this process'
complete -c nvmpathctl -l keep-held -d 'remove: end held'
complete -c nvmpathctl -l force -d 'below the floor'
complete -c nvmpathctl -l exclude -d 'remove: into the exclusion list of nvme-cli'
complete -c nvmpathctl -l survives -x -a '(nvmpathctl complete plan 2>/dev/null)' -d 'check'
complete -c nvmpathctl -l textfile -r -F -d 'metrics: into a file'
complete -c nvmpathctl -s d -l delay -x -d 'of top'
complete -c nvmpathctl -l sort -x -a 'condition failovers redirects inflight name' -d 'of top'
complete -c nvmpathctl -s b -l batch -d 'top without a screen'
complete -c nvmpathctl -s n -l lines -x -d 'so many'
complete -c nvmpathctl -s H -l host -x -a '(__fish_print_hostnames)' -d 'on other hosts'
complete -c nvmpathctl -l bus -x -d 'another bus'
complete -c nvmpathctl -s h -l help -d 'help'
complete -c nvmpathctl -l version -d 'version'
