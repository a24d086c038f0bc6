# SPDX-License-Identifier: MIT
# bash completion for hive, msiq and decanter-prefix: what their --help says, so it is never behind.

_decanter_commands() { # TOOL
    "$1" --help 2> /dev/null |
        sed -n 's/^  \([a-z][a-z]*\) .*/\1/p; s/^\(usage:\|      \) [a-z-]*prefix \([a-z][a-z]*\) .*/\2/p'
}

_decanter_options() { # TOOL COMMAND
    {
        case ${1##*/} in
            *prefix) "$1" --help | grep "prefix $2 " ;;
            hive) "$1" "$2" --help; "$1" --help | grep -v '^  ' ;;
            *) "$1" "$2" --help ;;
        esac
        echo --help
    } 2> /dev/null | grep -oE -- '--[a-z][a-z0-9-]*' | sort -u
}

_decanter() {
    local tool=${1/#\~\//$HOME/} now=$2 command='' word
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
            -*) ;;
            *) command=$word; break ;;
        esac
    done
    COMPREPLY=()
    if [ "$3" = --only ]; then
        mapfile -t COMPREPLY < <(compgen -W "msi registry" -- "$now")
    elif [ -z "$command" ] && [[ $now = -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "--help --version" -- "$now")
    elif [ -z "$command" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_decanter_commands "$tool")" -- "$now")
    elif [[ $now = -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_decanter_options "$tool" "$command")" -- "$now")
    fi # else files, as bash does it by itself
}
complete -o bashdefault -o default -F _decanter hive msiq decanter-prefix
