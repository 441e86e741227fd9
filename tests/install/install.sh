#!/usr/bin/env bash
# Installs into an empty prefix, moves it, and builds a host against it in C and in C++, with the
# shared and with the static library, by pkg-config and by CMake package; compiles every public
# header alone in both languages, and the lines of C in their comments; runs the examples and a
# policy of somebody else against it.
#   install.sh [BUILD]
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
work=$PWD/build/install-test
rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/prefix"
prefix=$work/prefix

packages=$(dirname "$(find "$prefix" -name spillway.pc)")
export PKG_CONFIG_PATH=$packages
libdir=$(pkg-config --variable=libdir spillway)
export LD_LIBRARY_PATH=$libdir

c=(gcc -std=c11 -pedantic -Wall -Wextra -Wstrict-prototypes -Werror)
cxx=(g++ -std=c++17 -pedantic -Wall -Wextra -Werror)

host() { # name, compiler and arguments...
    local name=$1
    shift
    "$@" -o "$work/$name" || { echo "$name does not build"; exit 1; }
    "$work/$name" || { echo "$name does not run"; exit 1; }
    echo "$name runs"
}

read -ra flags <<<"$(pkg-config --cflags --libs spillway)"
host c-shared "${c[@]}" tests/install/consumer.c "${flags[@]}"
host cxx-shared "${cxx[@]}" tests/install/consumer.cc "${flags[@]}"
readelf -d "$work/c-shared" | grep -q 'NEEDED.*libspillway\.so\.' ||
    { echo "c-shared is not shared"; exit 1; }
read -ra flags <<<"$(pkg-config --cflags spillway)"
host c-static "${c[@]}" tests/install/consumer.c "${flags[@]}" "$libdir/libspillway.a"
if [[ -e $packages/spillway-sim.pc ]]; then
    read -ra flags <<<"$(pkg-config --cflags --libs spillway-sim)"
    host c-sim "${c[@]}" tests/install/consumer.c "${flags[@]}"
fi
# A header that is installed has a library behind it.
if [[ -e $prefix/include/spillway/plan.h ]]; then
    read -ra flags <<<"$(pkg-config --cflags --libs spillway-plan)"
    host c-plan "${c[@]}" tests/install/consumer_plan.c "${flags[@]}"
fi

cmake -S tests/install -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" >"$work/cmake.log" 2>&1 &&
    cmake --build "$work/cmake" >>"$work/cmake.log" 2>&1 &&
    ctest --test-dir "$work/cmake" --output-on-failure >>"$work/cmake.log" 2>&1 ||
    { cat "$work/cmake.log"; exit 1; }
echo "find_package: $(grep -c Passed "$work/cmake.log") hosts run"

headers=0
for header in "$prefix"/include/spillway.h "$prefix"/include/spillway/*.h; do
    name=${header#"$prefix/include/"}
    printf '#include <%s>\n#include <%s>\ntypedef int spw_alone;\n' "$name" "$name" >"$work/alone.c"
    "${c[@]}" -fsyntax-only -I"$prefix/include" "$work/alone.c"
    "${cxx[@]}" -fsyntax-only -I"$prefix/include" -x c++ "$work/alone.c"
    headers=$((headers + 1))
done
echo "$headers headers stand alone, twice included, in C11 and C++17"

bash tests/install/lines.sh "$prefix/include"

examples=0
for source in examples/[0-9]*.c; do
    package=spillway
    ! grep -q '<spillway/sim.h>' "$source" || package=spillway-sim
    ! grep -q '<spillway/plan.h>' "$source" || package=spillway-plan
    pkg-config --exists $package || continue
    read -ra flags <<<"$(pkg-config --cflags --libs $package)"
    "${c[@]}" "$source" "${flags[@]}" -o "$work/example" || { echo "$source: no build"; exit 1; }
    "$work/example" >"$work/example.out" || { echo "$source: does not run"; exit 1; }
    diff "${source%.c}.out" "$work/example.out" ||
        { echo "$source: prints something else"; exit 1; }
    examples=$((examples + 1))
done
echo "$examples examples build and run against the installed copy"

if [[ -x $prefix/bin/spillway ]]; then
    "$prefix/bin/spillway" --version >/dev/null
    # Moved, and called from elsewhere: it finds the scenarios that came with it, by name.
    (cd / && "$prefix/bin/spillway" flood list) | grep -q '^small-centre$' ||
        { echo "the command does not find its scenarios"; exit 1; }
    read -ra flags <<<"$(pkg-config --cflags spillway)"
    "${c[@]}" -shared -fPIC tests/install/policy.c "${flags[@]}" -o "$work/policy.so"
    (cd "$work" && "$prefix/bin/spillway" flood run small-centre --runs 2 --policy ./policy.so \
        --policy policy.so --policy fifo --quiet --json policy.json >/dev/null)
    [[ $(grep -c '"name": "shortest-queue"' "$work/policy.json") == 2 ]] ||
        { echo "the policy did not run"; exit 1; }
    echo "the command runs from its prefix, with a policy built against it"
fi
