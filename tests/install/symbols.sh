#!/usr/bin/env bash
# The shared library exports its public names only, all of those that the headers declare, and needs
# libc only; the core calls no clock, no random numbers, no files, no output.
#   symbols.sh [BUILD]
set -euo pipefail
cd "$(dirname "$0")/../.."
library=${1:-build/release}/libspillway.so
bad=0

# readelf speaks the language of the user otherwise.
export LC_ALL=C
needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
    grep -vE '^(libc|ld-linux[^ ]*)\.so' || true)
if [[ -n $needed ]]; then
    echo "needed besides libc: $needed"
    bad=1
fi
if ! readelf -d "$library" | grep -q 'SONAME.*\[libspillway\.so\.[0-9]*\]'; then
    echo "no SONAME"
    bad=1
fi

exported=$(nm -D --defined-only "$library" | awk '$2 != "A" {print $3}' | sed 's/@.*//' | sort)
strange=$(grep -vE '^spw_[a-z]' <<<"$exported" || true)
if [[ -n $strange ]]; then
    echo "exported, but not public: $strange"
    bad=1
fi
versionless=$(nm -D --defined-only --with-symbol-versions "$library" |
    awk '$2 != "A" && $3 !~ /@@SPILLWAY_[0-9]/ {print $3}')
if [[ -n $versionless ]]; then
    echo "exported without a version: $versionless"
    bad=1
fi

# Declared with SPW_API in a public header of the core, so somebody will call it. A declaration may
# run over lines: they are joined up to the semicolon.
declared=$(for header in include/spillway.h include/spillway/*.h; do
    case $header in */sim.h | */plan.h) continue ;; esac
    sed -e '/^#/d' "$header" | tr '\n' ' ' |
        sed -e 's@/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/@@g' -e 's/[;{}]/\n/g' |
        grep -E '(^| )SPW_API ' | grep -oE '\bspw_[a-z0-9_]+ *\(' |
        grep -v spw_policy_entry | tr -d ' (' || true
done | sort -u)
lost=$(comm -23 <(echo "$declared") <(echo "$exported"))
if [[ -n $lost ]]; then
    echo "declared in a public header, but not exported:" $lost
    bad=1
fi

# What the library itself asks of libc. create() may use the standard allocator, a broken invariant
# may print and abort; nothing else has a reason.
banned='time|clock.*|gettimeofday|s?rand(om)?(_r)?|getrandom|open.*|fopen.*|socket|printf|puts'
calls=$(nm -D --undefined-only "$library" | awk '{print $2}' | sed 's/@.*//' |
    grep -E "^($banned|pthread_.*|getenv|fork)\$" || true)
if [[ -n $calls ]]; then
    echo "the core calls:" $calls
    bad=1
fi
echo "$(wc -l <<<"$exported") names exported, $(wc -l <<<"$declared") declared"
exit $bad
