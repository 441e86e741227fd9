#!/usr/bin/env bash
# The main job: builds an optimised tree and runs the floods. On a bare Debian 12 it first installs
# what is missing (as root).
#
#   bash bench/run.sh [--full | --record]
#
#   storm        the built-in flood, bench/scenarios/montgomery-storm.yaml, under three orders
#   replay       recorded calls, if a folder with *contacts.csv and *roster.csv is there: $SPW_DATA,
#                else the folder shared/data beside this tree, if there is one
#   throughput   the engine's speed, a short measurement
#   --full       the long measurement, and the year of a national line
#   --record     --full, and the comparison with queueing theory in full; then all figures are kept
#                in bench/results, and the pages that quote them are written. Every part must be
#                there and good
#
# Ends with a table of the parts and the paths of the reports. A part that this tree does not have
# is named and left out; the exit status is 1 when a part that is there fails.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8

throughput=--smoke
record=no
for word in "$@"; do
    case $word in
    --full) throughput=--full ;;
    --record) throughput=--full record=yes ;;
    *)
        echo "usage: bash bench/run.sh [--full | --record]" >&2
        exit 2
        ;;
    esac
done

data=${SPW_DATA:-../shared/data}
oracle=${SPW_ORACLE:-../shared/oracle/oracle.json}
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
# Told before an hour of measuring, not after it.
if [[ $record == yes ]]; then
    if [[ -z $contacts || -z $roster || ! -e $oracle ]]; then
        echo "bench: --record needs recorded calls in $data (SPW_DATA) and $oracle (SPW_ORACLE)" >&2
        exit 1
    fi
    if [[ -n $(git status --porcelain --untracked-files=no) ]]; then
        echo "bench: note: the tree has changes; the record will say so"
    fi
fi

. tests/need.sh
packages=(build-essential:g++ cmake:cmake ninja-build:ninja pkg-config:pkg-config
    libfyaml-dev libjansson-dev libjs-dygraphs)
[[ $record == no ]] || packages+=(python3:python3)
need bench "${packages[@]}"

build=build/bench
out=$build/out
mkdir -p $out
rm -f $out/*.html $out/*.json $out/*.md

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
absent=0

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
    absent=1
}

spillway=$build/spillway
flood() { # name, what it is, words of `spillway flood`...
    local name=$1 what=$2
    shift 2
    if [[ ! -x $spillway ]]; then
        left_out "$name" "this tree does not build the command \`spillway\`"
    else
        part "$name" "$what" $spillway flood "$@" --json $out/"$name".json \
            --report $out/"$name".html
    fi
}

storm=bench/scenarios/montgomery-storm.yaml
flood storm "the storm of 19 June in Montgomery County, simulated ($storm)" \
    run $storm --guesses

if [[ -z $contacts || -z $roster ]]; then
    left_out replay "no recorded calls in $data (set SPW_DATA)"
else
    flood replay "recorded calls beside simulated ones ($contacts)" replay "$contacts" "$roster"
fi

if [[ $throughput == --full ]]; then
    year=bench/scenarios/national-year.yaml
    flood year "a year of a national line ($year)" run $year --runs 1
fi

if [[ $record == yes ]]; then
    part theory "exact values of queueing theory ($oracle)" \
        python3 tests/theory/compare.py --spillway $spillway --oracle "$oracle" \
        --json $out/theory.json --table $out/theory.md
fi

if [[ -x $build/spw-throughput ]]; then
    part throughput "the engine alone" $build/spw-throughput $throughput \
        --json $out/throughput.json --markdown $out/throughput.md
else
    left_out throughput "this tree does not build spw-throughput"
fi

echo
echo "part         result                        time"
printf '%s\n' "${rows[@]}"
echo
for name in storm replay year; do
    verdict=$(sed -n 's/^ *"verdict": "\(.*\)",$/\1/p' $out/$name.json 2>/dev/null || true)
    [[ -z $verdict ]] || echo "$name: $verdict"
done
for report in "$out"/*.html; do
    [[ ! -e $report ]] || echo "report: $PWD/$report"
done
for figures in "$out"/*.json; do
    [[ ! -e $figures ]] || echo "figures: $PWD/$figures"
done
if [[ $built == no ]] || ((failed != 0)); then
    exit 1
fi
if [[ $record == yes ]]; then
    if ((absent != 0)); then
        echo "bench: nothing is recorded, because a part is left out" >&2
        exit 1
    fi
    python3 bench/record.py keep $out
    echo "recorded: bench/results and the pages that quote it (git diff --stat)"
fi
