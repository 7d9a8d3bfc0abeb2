#!/usr/bin/env bash
# Makes journal.sql and readings.sql again: what a server of version 0.1.0 had stored of three simulated meters when it was stopped; and meters.json: what it showed
# of them just before. sim-1 and sim-2 share a slow line, so that they are read in many small chunks and have a snapshot each, with the events before it deleted;
# sim-3 has events only. All three hold two days less than they are asked for. Needs git, the .NET SDK, curl and sqlite3, and about ten minutes.
set -euo pipefail
# The last commit of version 0.1.0: the server on an actor runtime of its own.
commit=9697d515b08302841fe3d1d7d345e72a374ffc92
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$work"' EXIT

git clone --quiet --shared "$(git -C "$here" rev-parse --show-toplevel)" "$work/source"
git -C "$work/source" checkout --quiet "$commit"
dotnet build "$work/source/src/Iec102.Server" -c Release --nologo -v quiet >&2
iec102() { exec dotnet "$work/source/src/Iec102.Server/bin/Release/net10.0/iec102.dll" "$@"; }

iec102 simulate --meters 3 --meters-per-port 2 --listen 127.0.0.1:0 --baud 1200 --history-days 16 --behaviour held-days=14 --fleet-out "$work/fleet.conf" &
until [ -s "$work/fleet.conf" ]; do sleep 1; done
iec102 serve --fleet "$work/fleet.conf" --data "$work/data" --urls http://127.0.0.1:8199 &
server=$!

# Complete: nothing is missing, and every chunk that was begun has been stored.
missing() { curl -sf http://127.0.0.1:8199/api/meters | grep -o '"missing":[0-9]*' | grep -vc ':0$' || true; }
until [ "$(curl -sf http://127.0.0.1:8199/api/meters | grep -o '"recorded":[1-9][0-9]*' | wc -l)" -eq 3 ] && [ "$(missing)" -eq 0 ]; do sleep 5; done
curl -sf http://127.0.0.1:8199/api/meters >"$here/meters.json"
kill -TERM "$server"
wait "$server" || true

(iec102 verify --data "$work/data") >&2
for name in journal readings; do
    {
        echo "-- $name.db of version 0.1.0, made by make.sh"
        echo "PRAGMA user_version=$(sqlite3 "$work/data/$name.db" 'PRAGMA user_version');"
        sqlite3 "$work/data/$name.db" .dump
    } >"$here/$name.sql"
done
ls -l "$here" >&2
sqlite3 "$work/data/journal.db" "SELECT persistence_id, count(*), min(sequence_number), max(sequence_number), sum(deleted) FROM journal GROUP BY 1; SELECT persistence_id, sequence_number FROM snapshot" >&2
