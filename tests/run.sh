#!/usr/bin/env bash
# Builds and runs every test. On a bare Debian 12 it first installs what is missing (as root).
#   --quick   only the build with sanitizers
set -euo pipefail
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive
mode=${1:-}

need=(build-essential:gcc cmake:cmake ninja-build:ninja pkg-config:pkg-config clang:clang)
libraries=(check libfyaml-dev libjansson-dev libsubunit-dev libjs-dygraphs)
missing=()
for pair in "${need[@]}"; do
    command -v "${pair#*:}" >/dev/null || missing+=("${pair%%:*}")
done
for package in "${libraries[@]}"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if ((${#missing[@]})); then
    echo "tests: installing ${missing[*]}"
    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/tmp/spillway-apt.log 2>&1; then
        tail -5 /tmp/spillway-apt.log
        echo "tests: could not install: ${missing[*]}" >&2
        exit 1
    fi
fi

passed=0
failed=0
run_build() { # name, compiler, cmake arguments...
    local name=$1 compiler=$2
    shift 2
    echo "tests: $name"
    cmake -S . -B "build/$name" -G Ninja -DCMAKE_C_COMPILER="$compiler" -DSPW_WERROR=ON "$@" >"build/$name.log" 2>&1 ||
        { cat "build/$name.log"; exit 1; }
    cmake --build "build/$name" >>"build/$name.log" 2>&1 || { grep -E "error|FAILED" "build/$name.log" | head -30; echo "tests: $name does not build" >&2; exit 1; }
    local out
    out=$(ctest --test-dir "build/$name" -j"$(nproc)" --output-on-failure 2>&1) || true
    local line
    line=$(grep -E "tests passed," <<<"$out" || true)
    if [[ -z $line ]]; then echo "$out"; echo "tests: $name ran no test" >&2; exit 1; fi
    local bad total
    bad=$(sed -E 's/.* ([0-9]+) tests? failed out of ([0-9]+).*/\1/' <<<"$line")
    total=$(sed -E 's/.* failed out of ([0-9]+).*/\1/' <<<"$line")
    ((bad == 0)) || echo "$out"
    echo "  $((total - bad)) of $total"
    passed=$((passed + total - bad))
    failed=$((failed + bad))
}

check() { # name, command...
    local name=$1
    shift
    if "$@" >"build/$name.log" 2>&1; then
        passed=$((passed + 1))
        echo "tests: $name: good"
    else
        failed=$((failed + 1))
        echo "tests: $name: failed"
        tail -20 "build/$name.log"
    fi
}

mkdir -p build
run_build sanitized gcc -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG="-O1 -g" -DSPW_SANITIZE=ON -DSPW_SLOW_CHECKS=ON
if [[ $mode != --quick ]]; then
    run_build release gcc -DCMAKE_BUILD_TYPE=Release
    run_build clang clang -DCMAKE_BUILD_TYPE=Release
    check layers bash tests/install/layers.sh
    check install bash tests/install/install.sh
    check same-hash bash tests/install/same_hash.sh build/sanitized build/release build/clang
fi
echo
echo "$passed passed, $failed failed"
((failed == 0))
