#!/usr/bin/env bash
# An upward include must not compile: base cannot see the engine, the engine cannot see the simulator.
set -euo pipefail
cd "$(dirname "$0")/../.."
refused() { # layer, header
    if printf '#include "%s"\n' "$2" | gcc -std=c11 -fsyntax-only -x c -Iinclude -Ibuild/release/layers/"$1" - 2>/dev/null; then
        echo "layer $1 can see $2" && return 1
    fi
}
refused base engine/state.h
refused base model/term.h
refused model engine/state.h
refused engine sim/random.h
printf '#include "base/map.h"\n' | gcc -std=c11 -fsyntax-only -x c -Iinclude -Ibuild/release/layers/engine -
# The core asks for libc alone and exports only its public names.
needed=$(readelf -d build/release/libspillway.so | grep NEEDED | grep -v 'libc\.so' || true)
[[ -z $needed ]] || { echo "$needed"; exit 1; }
strange=$(nm -D --defined-only build/release/libspillway.so | awk '{print $3}' | sed 's/@.*//' | grep -vE '^(spw_[a-z]|SPILLWAY_)' || true)
[[ -z $strange ]] || { echo "exported: $strange"; exit 1; }
# No clock, no random numbers, no printing, no allocation but the standard allocator of creation.
found=$(grep -nE '\b(time|clock_gettime|rand|random|printf|fprintf|malloc|calloc|realloc|getenv)\(' lib/base/*.c lib/model/*.c lib/engine/*.c || true)
[[ -z $found ]] || { echo "$found"; exit 1; }
