#!/usr/bin/env bash
# Installs what is missing (as root), builds an optimised tree and runs the main job.
#   --full   long measurements
set -euo pipefail
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive
missing=()
for pair in build-essential:gcc cmake:cmake ninja-build:ninja pkg-config:pkg-config; do
    command -v "${pair#*:}" >/dev/null || missing+=("${pair%%:*}")
done
for package in libfyaml-dev libjansson-dev libjs-dygraphs; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if ((${#missing[@]})); then
    echo "bench: installing ${missing[*]}"
    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/tmp/spillway-apt.log 2>&1; then
        tail -5 /tmp/spillway-apt.log
        echo "bench: could not install: ${missing[*]}" >&2
        exit 1
    fi
fi
mkdir -p build/bench/out
echo "bench: building"
cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF >build/bench.log 2>&1 || { cat build/bench.log; exit 1; }
cmake --build build/bench >>build/bench.log 2>&1 || { grep -E "error|FAILED" build/bench.log | head; exit 1; }
out=build/bench/out
if [[ -x build/bench/spillway ]]; then
    build/bench/spillway flood run bench/scenarios/montgomery-storm.yaml --json $out/storm.json --report $out/storm.html
    data=${SPW_DATA:-../shared/data}
    if [[ -d $data ]]; then
        build/bench/spillway flood replay "$data"/*contacts.csv "$data"/*roster.csv --json $out/replay.json --report $out/replay.html
    else
        echo "bench: no recorded calls at $data: the replay is left out (set SPW_DATA)"
    fi
else
    echo "bench: the flood command is not part of this tree yet"
fi
if [[ -x build/bench/spw-throughput ]]; then
    mode=--smoke
    [[ ${1:-} == --full ]] && mode=--full
    build/bench/spw-throughput $mode --json $out/throughput.json
else
    echo "bench: the throughput measurement is not part of this tree yet"
fi
ls $out/*.html 2>/dev/null || true
