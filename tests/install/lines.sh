#!/usr/bin/env bash
# The programs in the headers' first comments compile: lines that stand three blanks in, inside of a
# function that has what they name. Not run: what they do is shown by examples/.
#   lines.sh [INCLUDE]
set -euo pipefail
cd "$(dirname "$0")/../.."
include=${1:-include}
tried=0

lines_of() { # header
    sed -n '1,/^ \*\/$/s/^ \*   \( *[^ ].*\)/    \1/p' "$1"
}

frame() { # header
    cat <<'C'
#include <spillway.h>
#include <spillway/plan.h>
#include <spillway/sim.h>
#include <stdio.h>

int lines(const char *text, size_t length, const struct spw_stream *streams,
          const struct spw_crew *crews, int (*my_set_up)(void *, struct spw_engine *), spw_ns now);
static int fail(const char *why)
{
    return puts(why);
}

int lines(const char *text, size_t length, const struct spw_stream *streams,
          const struct spw_crew *crews, int (*my_set_up)(void *, struct spw_engine *), spw_ns now)
{
    struct spw_config config;
    struct spw_engine *engine = NULL;
    struct spw_arrive arrive = {0};
    spw_config_init(&config);
    (void)engine, (void)arrive, (void)text, (void)length, (void)streams, (void)crews;
    (void)my_set_up, (void)now, (void)fail;
C
    [[ $1 != */sim.h ]] || echo '    char error[200];'
    lines_of "$1"
    printf '    return 0;\n}\n'
}

for header in "$include"/spillway/*.h; do
    [[ -n $(lines_of "$header" | grep ';$') ]] || continue
    frame "$header" | "${CC:-gcc}" -std=c11 -Wall -Wextra -Werror -Wno-unused-variable \
        -fsyntax-only -I"$include" -x c - || { echo "$header: its lines do not compile"; exit 1; }
    tried=$((tried + 1))
done
((tried >= 2)) || { echo "$tried headers with lines of C: plan.h and sim.h have some"; exit 1; }
echo "$tried headers: the lines of C in their first comments compile"
