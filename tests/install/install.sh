#!/usr/bin/env bash
# Installs into an empty prefix and builds a consumer in C and in C++ against it, by pkg-config and by
# CMake package; compiles every public header alone in both languages.
set -euo pipefail
cd "$(dirname "$0")/../.."
prefix=$PWD/build/prefix
rm -rf "$prefix" build/consumer
cmake --install build/release --prefix "$prefix" >/dev/null
export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name spillway.pc)")
libdir=$(dirname "$PKG_CONFIG_PATH")
flags="-I$prefix/include -L$libdir -lspillway -Wl,-rpath,$libdir"
pkg-config --exists spillway
gcc -std=c11 -Wall -Wextra -Werror tests/install/consumer.c $flags -o build/consumer-c
build/consumer-c
g++ -std=c++17 -Wall -Wextra -Werror -x c++ tests/install/consumer.c $flags -o build/consumer-cxx
build/consumer-cxx
cmake -S tests/install -B build/consumer -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build build/consumer >/dev/null
build/consumer/consumer
for header in "$prefix"/include/spillway.h "$prefix"/include/spillway/*.h; do
    gcc -std=c11 -Wall -Wextra -Werror -fsyntax-only -I"$prefix/include" -x c "$header"
    g++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only -I"$prefix/include" -x c++ "$header"
done
