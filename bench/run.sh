#!/usr/bin/env bash
# The main job: builds an optimised tree and runs the floods. On a bare Debian 12 it first installs
# what is missing (as root).
#
#   bash bench/run.sh [--full]
#
#   1  the built-in flood, bench/scenarios/montgomery-storm.yaml
#   2  recorded calls, if a folder with *contacts.csv and *roster.csv is there: $SPW_DATA, else
#      ../shared/data beside this tree
#   3  the engine's throughput, a short measurement; --full the long one
#
# Ends with a table of the parts and the paths of the reports. A part that this tree does not have
# is named and left out; the exit status is 1 when a part that is there fails.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8

throughput=--smoke
for word in "$@"; do
    case $word in
    --full) throughput=--full ;;
    *)
        echo "usage: bash bench/run.sh [--full]" >&2
        exit 2
        ;;
    esac
done

. tests/need.sh
need bench build-essential:g++ cmake:cmake ninja-build:ninja pkg-config:pkg-config \
    libfyaml-dev libjansson-dev libjs-dygraphs

build=build/bench
out=$build/out
mkdir -p $out
rm -f $out/*.html $out/*.json

echo "bench: building an optimised tree in $build"
generator=()
[[ -e $build/CMakeCache.txt ]] || generator=(-G "$spw_generator")
if ! cmake -S . -B $build "${generator[@]}" -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
    >build/bench.log 2>&1; then
    tail -20 build/bench.log >&2
    echo "bench: cmake failed (build/bench.log)" >&2
    exit 1
fi
built=yes
if ! cmake --build $build -j "$(nproc)" >>build/bench.log 2>&1; then
    grep -E 'error|undefined reference|FAILED:' build/bench.log | cut -c1-200 | head -20 >&2
    echo "bench: not everything builds (build/bench.log)" >&2
    built=no
fi

declare -a rows=()
failed=0

part() { # name, what it is, command...
    local name=$1 what=$2 begin=$SECONDS status=0
    shift 2
    echo
    echo "bench: $what"
    "$@" </dev/null || status=$?
    if ((status == 0)); then
        rows+=("$(printf '%-12s %-28s %5d s' "$name" good $((SECONDS - begin)))")
    else
        rows+=("$(printf '%-12s %-28s %5d s' "$name" "FAILED, exit $status" $((SECONDS - begin)))")
        failed=1
    fi
}

left_out() { # name, why
    echo
    echo "bench: $1 left out: $2"
    rows+=("$(printf '%-12s left out: %s' "$1" "$2")")
}

spillway=$build/spillway
storm=bench/scenarios/montgomery-storm.yaml
if [[ ! -x $spillway ]]; then
    left_out storm "this tree does not build the command \`spillway\`"
elif [[ ! -e $storm ]]; then
    left_out storm "there is no $storm"
else
    part storm "the storm of 19 June in Montgomery County, simulated ($storm)" \
        $spillway flood run $storm --json $out/storm.json --report $out/storm.html
fi

data=${SPW_DATA:-../shared/data}
first() { # the first file that fits, or nothing
    local found
    for found in "$@"; do
        if [[ -f $found ]]; then
            echo "$found"
            return
        fi
    done
}
contacts=$(first "$data"/*contacts.csv)
roster=$(first "$data"/*roster.csv)
if [[ ! -x $spillway ]]; then
    left_out replay "this tree does not build the command \`spillway\`"
elif [[ -z $contacts || -z $roster ]]; then
    left_out replay "no recorded calls in $data (set SPW_DATA)"
else
    part replay "recorded calls beside simulated ones ($contacts)" \
        $spillway flood replay "$contacts" "$roster" --json $out/replay.json \
        --report $out/replay.html
fi

if [[ -x $build/spw-throughput ]]; then
    part throughput "the engine alone" $build/spw-throughput $throughput --json $out/throughput.json
else
    left_out throughput "this tree does not build spw-throughput"
fi

echo
echo "part         result                        time"
printf '%s\n' "${rows[@]}"
echo
for report in "$out"/*.html; do
    [[ ! -e $report ]] || echo "report: $PWD/$report"
done
for figures in "$out"/*.json; do
    [[ ! -e $figures ]] || echo "figures: $PWD/$figures"
done
[[ $built == yes ]] && ((failed == 0))
