#!/usr/bin/env bash
# The same streams give the same hash in every build: gcc and clang, -O0 to -O3, with and without
# sanitizers, every vector width (inside print_hash).
#   same_hash.sh BUILD...
set -euo pipefail
cd "$(dirname "$0")/../.."
first=""
compared=0
for build in "$@"; do
    [[ -x $build/print_hash ]] || { echo "$build has no print_hash"; exit 1; }
    hash=$("$build/print_hash")
    echo "$build: $hash"
    first=${first:-$hash}
    [[ $hash == "$first" ]] || { echo "it differs"; exit 1; }
    compared=$((compared + 1))
done
((compared >= 2)) || { echo "nothing to compare: name at least two builds"; exit 1; }
