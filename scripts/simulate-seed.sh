#!/usr/bin/env bash
# simulate-seed.sh SEED: replays one simulated run of a whole node and prints its trace; exit status 1 when a rule is broken in it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build tests/Iec102.Simulation.Tests Iec102.Simulation.Tests
exec dotnet "$root/tests/Iec102.Simulation.Tests/bin/Release/net10.0/Iec102.Simulation.Tests.dll" --seed "$@"
