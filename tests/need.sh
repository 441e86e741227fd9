# Sourced by tests/run.sh and bench/run.sh: installs what is missing, and only that.
#
#   need WHO PACKAGE[:COMMAND]...
#
# A package with a command counts as there when the command is found, whoever installed it; one
# without is asked of dpkg. Nothing missing costs a moment and no network. Sets `spw_generator`.

need() {
    local who=$1 item package command
    local -a missing=()
    shift
    for item in "$@"; do
        package=${item%%:*}
        command=${item#*:}
        if [[ $command != "$item" ]]; then
            command -v "$command" >/dev/null || missing+=("$package")
        else
            dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
                missing+=("$package")
        fi
    done
    if ((${#missing[@]} > 0)); then
        if ! command -v apt-get >/dev/null; then
            echo "$who: missing, and there is no apt-get to install them: ${missing[*]}" >&2
            exit 1
        fi
        if ((EUID != 0)); then
            echo "$who: missing; as root: apt-get install ${missing[*]}" >&2
            exit 1
        fi
        echo "$who: installing ${missing[*]}"
        mkdir -p build
        export DEBIAN_FRONTEND=noninteractive
        if ! { apt-get update -q -o Acquire::Retries=3 &&
            apt-get install -q -y --no-install-recommends -o Acquire::Retries=3 \
                "${missing[@]}"; } >build/apt.log 2>&1 </dev/null; then
            tail -8 build/apt.log >&2
            echo "$who: could not install: ${missing[*]} (build/apt.log)" >&2
            exit 1
        fi
    fi
    spw_generator="Unix Makefiles"
    if command -v ninja >/dev/null; then
        spw_generator=Ninja
    fi
}
