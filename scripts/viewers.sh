#!/usr/bin/env bash
# viewers.sh [--minutes N]: what twenty browsers that look at a thousand meters for N minutes (5) take of the server, compared with none;
# exit status 1 when it is more than promise P10 allows.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
build src/Iec102.Server iec102
build tests/Iec102.Page.Tests Iec102.Page.Tests
exec dotnet "$root/tests/Iec102.Page.Tests/bin/Release/net10.0/Iec102.Page.Tests.dll" "$@"
