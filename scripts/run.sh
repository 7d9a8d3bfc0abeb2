#!/usr/bin/env bash
# The demo: simulated meters and a server that reads them. Stop it with Ctrl+C.
exec "$(dirname "${BASH_SOURCE[0]}")/iec102" demo "$@"
