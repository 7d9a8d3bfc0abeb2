#!/usr/bin/env bash
# Measures the promises P1-P8 that are built, and what the gateway costs (G1), and prints them as a table; --long takes its time.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build src/Iec102.Server iec102
build tests/Iec102.Benchmarks Iec102.Benchmarks
exec dotnet "$root/tests/Iec102.Benchmarks/bin/Release/net10.0/Iec102.Benchmarks.dll" "$@"
