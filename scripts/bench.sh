#!/usr/bin/env bash
# Measures the promises of docs/promises.md that have a benchmark, and prints them as a table. --only P1,G1 measures some of them;
# --long takes more samples, and then simulates IEC102_SEEDS seeds (20000), beginning with IEC102_FIRST_SEED (1).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build src/Iec102.Server iec102
build tests/Iec102.Benchmarks Iec102.Benchmarks
status=0
dotnet "$root/tests/Iec102.Benchmarks/bin/Release/net10.0/Iec102.Benchmarks.dll" "$@" || status=$?
[ "$status" -le 1 ] || exit "$status"
if [[ " $* " == *" --long "* ]]; then
    build tests/Iec102.Simulation.Tests Iec102.Simulation.Tests
    dotnet "$root/tests/Iec102.Simulation.Tests/bin/Release/net10.0/Iec102.Simulation.Tests.dll" \
        --seeds "${IEC102_SEEDS:-20000}" --first "${IEC102_FIRST_SEED:-1}" || status=1
fi
exit "$status"
