#!/usr/bin/env bash
# The same streams give the same hash: gcc and clang, -O0 and -O3, every vector width.
set -euo pipefail
cd "$(dirname "$0")/../.."
first=""
for compiler in gcc clang; do
    for level in -O0 -O3; do
        "$compiler" -std=c11 $level -Iinclude -Ilib lib/base/*.c lib/model/*.c lib/engine/*.c \
            tests/unit/swarm.c tests/install/print_hash.c -Itests/unit -o build/print-hash
        hash=$(build/print-hash)
        echo "$compiler $level: $hash"
        first=${first:-$hash}
        [[ $hash == "$first" ]] || { echo "differs"; exit 1; }
    done
done
