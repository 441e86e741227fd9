#!/usr/bin/env bash
# Builds and runs the tests. On a bare Debian 12 it first installs what is missing (as root).
#
#   bash tests/run.sh [--quick | --full]
#
#   --quick   one build, with sanitizers, and its tests
#   (none)    three more builds, the same hash from all, the house rules, install, symbols
#   --full    also theory in full, long random streams, fuzzing, the thread sanitizer
#
# A part that fails does not stop the others. The last line counts tests and checks.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1

mode=normal
for word in "$@"; do
    case $word in
    --quick | --full) mode=${word#--} ;;
    *)
        echo "usage: bash tests/run.sh [--quick | --full]" >&2
        exit 2
        ;;
    esac
done

. tests/need.sh
packages=(build-essential:g++ cmake:cmake ninja-build:ninja pkg-config:pkg-config python3:python3
    check libsubunit-dev libfyaml-dev libjansson-dev libjs-dygraphs)
if [[ $mode != quick ]]; then
    packages+=(clang:clang clang-format:clang-format clang-tidy:clang-tidy cppcheck:cppcheck
        valgrind:valgrind)
fi
# The report is opened in a browser without a window by the tests in this folder.
if [[ -d tests/report ]]; then
    packages+=(chromium:chromium)
fi
if [[ $mode == full ]]; then
    packages+=(libclang-rt-14-dev)
fi
need tests "${packages[@]}"
mkdir -p build

jobs=$(nproc)
passed=0
failed=0
declare -a broken=()

good() { # how many, text
    passed=$((passed + $1))
    echo "  $2"
}

bad() { # how many, text
    failed=$((failed + $1))
    broken+=("$2")
    echo "  FAILED: $2"
}

# Configures and builds all targets, or those named after --, in build/NAME. What cannot be built
# counts as one failure; the rest is built all the same.
build() { # name, compiler, cmake arguments... [-- targets...]
    local name=$1 compiler=$2 begin=$SECONDS
    local -a settings=() targets=()
    shift 2
    while (($# > 0)) && [[ $1 != -- ]]; do
        settings+=("$1")
        shift
    done
    if (($# > 1)); then
        targets=(--target "${@:2}")
    fi
    echo "tests: build $name ($compiler ${settings[*]})"
    local -a generator=()
    [[ -e build/$name/CMakeCache.txt ]] || generator=(-G "$spw_generator")
    if ! cmake -S . -B "build/$name" "${generator[@]}" -DCMAKE_C_COMPILER="$compiler" \
        -DSPW_WERROR=ON "${settings[@]}" >"build/$name.log" 2>&1; then
        tail -20 "build/$name.log"
        bad 1 "$name: cmake (build/$name.log)"
        return
    fi
    sed -n 's/^-- \(.* \(left out\|waits for\).*\)$/  note: \1/p' "build/$name.log"
    local -a keep_going=(-k 0)
    grep -q '^CMAKE_GENERATOR:.*=Ninja' "build/$name/CMakeCache.txt" || keep_going=(-k)
    if ! cmake --build "build/$name" -j "$jobs" "${targets[@]}" -- "${keep_going[@]}" \
        >>"build/$name.log" 2>&1; then
        grep -E 'error|undefined reference|FAILED:' "build/$name.log" | cut -c1-200 | head -20
        bad 1 "$name: build (build/$name.log)"
    fi
    echo "  built in $((SECONDS - begin)) s"
}

# Runs the tests of build/NAME; ctest's counts are added to ours.
tests() { # name, ctest arguments...
    local name=$1 begin=$SECONDS line total wrong
    shift
    [[ -e build/$name/CTestTestfile.cmake ]] || return 0
    ctest --test-dir "build/$name" -j "$jobs" --output-on-failure --no-tests=ignore "$@" \
        >"build/$name.tests.log" 2>&1 || true
    line=$(grep -E '% tests passed, ' "build/$name.tests.log" || true)
    if [[ -z $line ]]; then
        bad 1 "$name: no test ran (build/$name.tests.log)"
        return
    fi
    line=$(sed -E 's/.*, ([0-9]+) tests? failed out of ([0-9]+).*/\1 \2/' <<<"$line")
    read -r wrong total <<<"$line"
    good $((total - wrong)) "$name: $((total - wrong)) of $total tests, $((SECONDS - begin)) s"
    if ((wrong > 0)); then
        grep -vE '^ *[0-9]+/[0-9]+ .*Passed|^ +Start ' "build/$name.tests.log" | tail -60
        bad "$wrong" "$name: $(sed -nE 's/^[[:space:]]+[0-9]+ - ([^ ]+) .*/\1/p' \
            "build/$name.tests.log" | sort -u | tr '\n' ' ')"
    fi
}

# One check: a command that succeeds or not. Its last line is shown, all of it when it fails.
check() { # name, command...
    local name=$1 begin=$SECONDS
    shift
    if "$@" >"build/$name.log" 2>&1 </dev/null; then
        good 1 "$name: $(tail -1 "build/$name.log") ($((SECONDS - begin)) s)"
    else
        tail -50 "build/$name.log"
        bad 1 "$name (build/$name.log)"
    fi
}

tree_state() {
    git status --porcelain 2>/dev/null | sort || true
}

finish() {
    echo
    echo "tests: $((SECONDS / 60)) min $((SECONDS % 60)) s"
    local name
    for name in "${broken[@]}"; do
        echo "tests: failed: $name"
    done
    echo "$passed passed, $failed failed"
    ((failed == 0))
}

before=$(tree_state)

build sanitized gcc -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG="-O1 -g" \
    -DSPW_SANITIZE=ON -DSPW_SLOW_CHECKS=ON
tests sanitized
if [[ $mode == quick ]]; then
    finish
    exit
fi

build clang clang -DCMAKE_BUILD_TYPE=Release
tests clang
build release gcc -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE=-O3
tests release -L 'determinism|house'
build clang-o0 clang -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG=-O0 -- spw_determinism
tests clang-o0 -L determinism

echo "tests: checks"
check same-hash bash tests/install/same_hash.sh build/{sanitized,clang,release,clang-o0}
check same-flood bash tests/install/same_flood.sh build/{sanitized,clang}
check tidy python3 tests/tidy/tidy.py --format --analyse build/clang
check install bash tests/install/install.sh build/release
all=()
[[ $mode != full ]] || all=(--all)
check planted bash tests/planted/run.sh "${all[@]}"
if [[ -x build/release/spw-throughput ]]; then
    check throughput-smoke build/release/spw-throughput --smoke
    check instructions bash bench/throughput/instructions.sh build/release
fi
if [[ -x build/release/spillway && -e tests/theory/compare.py ]]; then
    quick=(--quick)
    [[ $mode != full ]] || quick=()
    check theory python3 tests/theory/compare.py --spillway build/release/spillway "${quick[@]}"
fi

if [[ $mode == full ]]; then
    if [[ -x build/release/model_check ]]; then
        check model-long build/release/model_check --seeds 20000
    fi
    if compgen -G 'tests/fuzz/fuzz_*.c' >/dev/null; then
        build fuzz clang -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG="-O1 -g" \
            -DSPW_FUZZ=ON -DSPW_SANITIZE=ON -DSPW_SLOW_CHECKS=ON
        for harness in build/fuzz/fuzz_*; do
            name=${harness##*/}
            [[ -x $harness && ! -d $harness ]] || continue
            mkdir -p "build/fuzz-corpus/$name" "tests/fuzz/corpus/${name#fuzz_}"
            words=tests/fuzz/${name#fuzz_}.dict
            check "$name" "$harness" -max_total_time=60 -timeout=10 -print_final_stats=1 \
                $([[ ! -e $words ]] || echo "-dict=$words") \
                -artifact_prefix="build/fuzz-corpus/$name-" "build/fuzz-corpus/$name" \
                "tests/fuzz/corpus/${name#fuzz_}"
        done
    fi
    if grep -rqE 'pthread\.h|threads\.h' lib tests bench --include='*.[ch]'; then
        build tsan gcc -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG="-O1 -g" -DSPW_TSAN=ON
        tests tsan
    else
        echo "  note: no room uses threads: no thread sanitizer"
    fi
fi

# Only what appeared counts: a commit made meanwhile makes lines go away.
appeared=$(comm -13 <(echo "$before") <(tree_state))
if [[ -z $appeared ]]; then
    good 1 "clean-tree: the run left nothing behind"
else
    echo "$appeared"
    bad 1 "clean-tree: the run left something behind, or somebody edited meanwhile"
fi
finish
