#!/usr/bin/env bash
# Plants one mistake after the other in a copy of the tree and demands that a test notices.
#
#   bash tests/planted/run.sh [--all] [NN-name...]     in build/planted
#
#   --all     every test that notices is named, not only the first
#
# The copy without a mistake must pass. A mistake whose lines are no longer in the code fails the
# run. SPW_JOBS bounds how many jobs run at once.
set -euo pipefail
cd "$(dirname "$0")/../.."
export LC_ALL=C.UTF-8
. tests/need.sh
need planted build-essential:g++ cmake:cmake ninja-build:ninja pkg-config:pkg-config \
    python3:python3 check

stop=(--stop-on-failure)
if [[ ${1:-} == --all ]]; then
    stop=()
    shift
fi
here=tests/planted
work=build/planted
jobs=${SPW_JOBS:-$(nproc)}
mistakes=("$here"/[0-9]*.mistake)
if (($# > 0)); then
    mistakes=("${@/#/$here/}")
    mistakes=("${mistakes[@]/%/.mistake}")
fi

build() { # what happens goes to the log
    cmake --build $work/build -j "$jobs" --target "${targets[@]}" >$work/log 2>&1
}

# The names of the tests that failed; none if all passed.
failing() {
    local status=0
    timeout "$patience" ctest --test-dir $work/build -j "$jobs" -L '^(unit|plan|sim|story|model)$' \
        --no-tests=error "${stop[@]}" >$work/log 2>&1 || status=$?
    if ((status == 0)); then
        return
    fi
    sed -nE 's/^[[:space:]]+[0-9]+ - ([^ ]+) .*/\1/p' $work/log | sort | tr '\n' ' '
    if ((status == 124)); then
        echo "(a test did not end)"
    elif ! grep -q 'tests failed out of' $work/log; then
        echo "(ctest: $(tail -1 $work/log))"
    fi
}

mkdir -p $work
python3 $here/plant.py sync . $work/tree
generator=()
[[ -e $work/build/CMakeCache.txt ]] || generator=(-G "$spw_generator")
cmake -S $work/tree -B $work/build "${generator[@]}" -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_FLAGS_DEBUG=-O1 -DSPW_SLOW_CHECKS=ON >$work/log 2>&1 ||
    { tail -20 $work/log && exit 1; }
targets=()
for source in tests/unit/test_*.c; do
    name=$(basename "$source" .c)
    [[ $name == test_command_* ]] || targets+=("$name")
done
targets+=(story_run)
[[ ! -e tests/model/main.c ]] || targets+=(model_check)

build || { tail -20 $work/log && echo "planted: the copy does not build" && exit 1; }
# A mistake may make a test run for ever: it gets several times what the tests take without one.
patience=1800
begin=$SECONDS
found=$(failing)
patience=$((120 + 5 * (SECONDS - begin)))
if [[ -n $found ]]; then
    echo "planted: without a mistake these fail already: $found"
    exit 1
fi
wrong=0
for mistake in "${mistakes[@]}"; do
    name=$(basename "$mistake" .mistake)
    if ! python3 $here/plant.py plant "$mistake" $work/tree; then
        wrong=$((wrong + 1))
        continue
    fi
    if build; then
        found=$(failing)
    else
        found=""
        echo "planted: $name does not compile:"
        grep -m 3 'error' $work/log || true
    fi
    python3 $here/plant.py lift "$mistake" . $work/tree
    if [[ -z $found ]]; then
        wrong=$((wrong + 1))
        echo "planted: NOBODY NOTICES $name"
    else
        echo "planted: $name is noticed by $found"
    fi
done
echo "$((${#mistakes[@]} - wrong)) of ${#mistakes[@]} planted mistakes are noticed"
((wrong == 0))
