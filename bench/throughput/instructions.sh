#!/usr/bin/env bash
# Counts the instructions of one small stream of inputs and compares with the number written down.
#
#   bash bench/throughput/instructions.sh BUILD [--accept]
#
# Counted under valgrind, in spw_apply, spw_apply_many and spw_poll only, as the difference between
# a long and a short stream: neither the machine nor its neighbours matter. The compiler does: each
# has a line of its own in instructions.txt: its name, the flags, instructions an input. More than
# 3 % off, above or below, is a failure; what is meant is written down with --accept. Without
# valgrind, or without a line for this compiler, it says so and is good.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$1
accept=${2-}
numbers=$here/instructions.txt
program=$build/spw-throughput

if ! command -v valgrind >/dev/null; then
    echo "instructions: skipped, valgrind is not installed"
    exit 0
fi
cache() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
compiler=$(cache CMAKE_C_COMPILER)
flags=$(cache CMAKE_C_FLAGS_RELEASE)
name=$("$compiler" -dM -E -x c /dev/null | awk '
    $2 == "__clang_major__" { clang = $3 }
    $2 == "__GNUC__" { gcc = $3 }
    END { print clang != "" ? "clang-" clang : "gcc-" gcc }')
key="$name $flags"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
count() { # inputs; prints how many there were, and the instructions of all of them and the set-up
    if ! valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=spw_apply \
        --toggle-collect=spw_apply_many --toggle-collect=spw_poll \
        "$program" --counted "$1" >"$log" 2>&1; then
        cat "$log" >&2
        return 1
    fi
    sed -nE 's/^([0-9]+) inputs, .*/\1/p; s/.*Collected : ([0-9]+).*/\1/p' "$log" | paste -sd' '
}
read -r few start < <(count 5000)
read -r many total < <(count 30000)
each=$(((total - start) / (many - few)))

if [[ $accept == --accept ]]; then
    { grep -v "^$key " "$numbers" || true; echo "$key $each"; } | sort >"$log"
    cp "$log" "$numbers"
    echo "instructions: $key: $each an input, written down"
    exit 0
fi
wanted=$(sed -n "s/^$key //p" "$numbers")
if [[ -z $wanted ]]; then
    echo "instructions: $each an input; no number is written down for $key: not compared"
    exit 0
fi
off=$(((each - wanted) * 1000 / wanted))
echo "instructions: $each an input, $wanted written down for $key"
if ((off > 30 || off < -30)); then
    echo "instructions: off by $((off / 10)) %; if it is meant: $0 $build --accept"
    exit 1
fi
