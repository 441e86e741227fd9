#!/usr/bin/env bash
# An upward include must not compile. Every layer tries every header of every layer above it.
#   layers.sh [BUILD] [COMPILER]
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
compiler=${2:-gcc}
bad=0

# What each layer may see, besides itself and the public headers.
declare -A below=([base]="" [model]="base" [engine]="base model"
    [plan]="base model engine"
    [sim]="base model engine" [command]="base model engine plan sim")

compiles() { # layer, header
    printf '#include "%s"\nint spw__unused;\n' "$2" |
        "$compiler" -std=c11 -D_GNU_SOURCE -fsyntax-only -x c -Iinclude \
            -I"$build/layers/$1" - 2>/dev/null
}

tried=0
for layer in base model engine plan sim command; do
    for other in base model engine plan sim command; do
        for path in lib/"$other"/*.h lib/"$other"/*/*.h; do
            [[ -e $path ]] || continue
            header=${path#lib/}
            tried=$((tried + 1))
            if [[ $other == "$layer" || " ${below[$layer]} " == *" $other "* ]]; then
                if ! compiles "$layer" "$header"; then
                    echo "lib/$layer cannot include \"$header\""
                    bad=1
                fi
            elif compiles "$layer" "$header"; then
                echo "lib/$layer can include \"$header\": the layers leak"
                bad=1
            fi
        done
    done
done
((tried > 0)) || { echo "no header tried"; exit 1; }

# No way around the views: a path with .. would climb out of them.
if grep -nE '^#include "\.\./' lib/*/*.[ch] lib/*/*/*.[ch]; then
    echo "an include climbs out of its layer"
    bad=1
fi
echo "$tried includes tried"
exit $bad
