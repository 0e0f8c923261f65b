#!/bin/sh
# What is too long for ./test: seeds of the simulated venue, kill -9 loops of the real process, planted mutants.
#   tests/nightly.sh seeds [COUNT [FIRST]]   200,000 seeds unless told (about ten hours of one core), in parts of 2,000
#   tests/nightly.sh kills                   ten kills -9 each of three seeds against the paper venue
#   tests/nightly.sh mutants [ID ...]        every planted fault must fail the tests (docs/mutants.md)
#   tests/nightly.sh soak [MINUTES]          memory of the loop, ten minutes unless told
# The first seed that breaks a rule ends the run and is named: PLIMSOLL_SEEDS=SEED:1 runs it again.
set -eu
cd "$(dirname -- "$0")/.."

run() { # run PROJECT FILTER...: tests that were built
    project=$1
    shift
    dotnet test --project "tests/Plimsoll.$project.Tests" -c Release --no-build --no-ansi --no-progress "$@"
}

case ${1:-} in
    seeds)
        count=${2:-200000} first=${3:-10000} part=2000
        dotnet build tests/Plimsoll.Engine.Tests -c Release -v q --nologo
        while [ "$count" -gt 0 ]; do
            [ "$count" -ge "$part" ] || part=$count
            PLIMSOLL_SEEDS="$first:$part" run Engine --filter-method '*The_seeds_of_the_environment*' >/dev/null || {
                echo "a seed of $first to $((first + part - 1)) breaks a rule: PLIMSOLL_SEEDS=$first:$part" >&2
                exit 1
            }
            echo "seeds $first to $((first + part - 1)): sound"
            first=$((first + part)) count=$((count - part))
        done
        ;;
    kills)
        dotnet build tests/Plimsoll.Daemon.Tests -c Release -v q --nologo
        run Daemon --filter-method '*Killed_ten_times*'
        ;;
    mutants)
        shift
        python3 tests/mutants/run.py "$@"
        ;;
    soak)
        dotnet run --project bench/Plimsoll.Bench -c Release -- --soak "${2:-10}"
        ;;
    *)
        sed -n '2,7p' "$0"
        exit 2
        ;;
esac
