#!/usr/bin/env bash
# The same flood gives the same figures in every build, not the same hash alone: the simulator uses
# floating point, and everything in the JSON but the clock must agree to the last digit.
#   same_flood.sh BUILD...
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
first=""
compared=0
for build in "$@"; do
    [[ -x $build/spillway ]] || { echo "$build has no spillway"; exit 1; }
    : >"$work/figures"
    for scenario in bench/scenarios/*.yaml; do
        [[ $scenario != */national-year.yaml ]] || continue # too long for here
        status=0
        "$build/spillway" flood run "$scenario" --runs 2 --policy head-start --policy lifo --quiet \
            --json "$work/out.json" >/dev/null || status=$?
        ((status <= 1)) || { echo "$build: $scenario ends with $status"; exit 1; }
        grep -vE '^ *"(seconds|command_line)":' "$work/out.json" >>"$work/figures"
    done
    sum=$(sha256sum <"$work/figures")
    echo "$build: ${sum%% *} over $(grep -c '"state_hash"' "$work/figures") policies"
    first=${first:-$sum}
    [[ $sum == "$first" ]] || { echo "it differs"; exit 1; }
    compared=$((compared + 1))
done
((compared >= 2)) || { echo "nothing to compare: name at least two builds"; exit 1; }
