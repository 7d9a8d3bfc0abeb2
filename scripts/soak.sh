#!/usr/bin/env bash
# soak.sh [--minutes N] [--seed S] [--cut MINUTES]: random faults on three nodes, their database and their network, as root on Linux; exit
# status 1 when a line had two talkers or a curve is not what was measured. With --cut a substation is cut off before, for that long.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build src/Iec102.Server iec102
build tests/Iec102.Faults.Tests Iec102.Faults.Tests
exec dotnet "$root/tests/Iec102.Faults.Tests/bin/Release/net10.0/Iec102.Faults.Tests.dll" "$@"
