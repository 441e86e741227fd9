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
# Before 1.0 every minor version is a library of its own.
version() {
    sed -n "s/^#define SPW_VERSION_$1 //p" include/spillway/version.h
}
so=$(version MAJOR)
[[ $so != 0 ]] || so=0.$(version MINOR)
if ! readelf -d "$library" | grep -qF "[libspillway.so.$so]"; then
    echo "the SONAME is not libspillway.so.$so"
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

# Declared with SPW_API in public headers, so somebody will call it. A declaration may run over
# lines: they are joined up to the semicolon.
declared_in() { # headers...
    local header
    for header in "$@"; do
        sed -e '/^#/d' "$header" | tr '\n' ' ' |
            sed -e 's@/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/@@g' -e 's/[;{}]/\n/g' |
            grep -E '(^| )SPW_API ' | grep -oE '\bspw_[a-z0-9_]+ *\(' |
            grep -v spw_policy_entry | tr -d ' (' || true
    done | sort -u
}
core=()
for header in include/spillway.h include/spillway/*.h; do
    case $header in */sim.h | */plan.h) ;; *) core+=("$header") ;; esac
done
declared=$(declared_in "${core[@]}")
listed=$(sed -n 's/^ *\(spw_[a-z0-9_]*\);$/\1/p' lib/spillway.map | sort)
differ() { # what, one list, the other
    local lines
    lines=$(comm -23 <(echo "$2") <(echo "$3"))
    if [[ -n $lines ]]; then
        echo "$1:" $lines
        bad=1
    fi
}
differ "declared in a public header, but not exported" "$declared" "$exported"
differ "declared in a public header, but not in lib/spillway.map" "$declared" "$listed"
differ "in lib/spillway.map, but declared nowhere" "$listed" "$declared"

# The static libraries beside it define what their headers declare.
for part in plan sim; do
    archive=$(dirname "$library")/libspillway-$part.a
    if [[ -e $archive ]]; then
        defined=$(nm -g --defined-only "$archive" | awk 'NF == 3 {print $3}' | sort -u)
        differ "declared in $part.h, but not in $archive" \
            "$(declared_in include/spillway/$part.h)" "$defined"
    fi
done


# What the library itself asks of libc: bytes moved and compared, the standard allocator in create()
# and destroy(), a sentence in spw_check(), the end of the process when an invariant broke. What the
# compiler adds: checked twins of these, the stack protector, the start of a shared object (weak).
allowed='mem(cpy|move|set|cmp|chr)|bcmp|strlen|vsnprintf|aligned_alloc|free|abort'
allowed+='|__(memcpy|memmove|memset|vsnprintf)_chk|__stack_chk_fail'
calls=$(nm -D --undefined-only "$library" | awk '$1 != "w" {print $2}' | sed 's/@.*//' |
    grep -vE "^($allowed)\$" || true)
if [[ -n $calls ]]; then
    echo "the core calls:" $calls
    bad=1
fi
echo "$(wc -l <<<"$exported") names exported, $(wc -l <<<"$declared") declared"
exit $bad
