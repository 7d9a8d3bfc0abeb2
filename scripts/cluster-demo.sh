#!/usr/bin/env bash
# Three nodes on one PostgreSQL, and simulated meters on 30 lines that each of them can reach, all on this computer: kill a node and watch
# its lines move. Ctrl+C ends everything. The APIs of the nodes listen at 127.0.0.1:8111 to 8113.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
programs=$(postgres_programs) || {
    echo "PostgreSQL is needed: install it, on Debian with 'apt-get install postgresql'." >&2
    exit 2
}
build src/Iec102.Server iec102
iec102=(dotnet "$root/src/Iec102.Server/bin/Release/net10.0/iec102.dll")

# PostgreSQL refuses to run as root; Debian's package brings a user for it.
user=$(id -un) as=()
[ "$user" = root ] && user=postgres as=(runuser -u postgres --)
work=$(mktemp -d /tmp/iec102-cluster-XXXXXX)
chmod 711 "$work"
install -d -o "$user" -m 700 "$work/postgres"

declare -A pids=()
# Also when the terminal is gone and nothing can be printed any more.
end() {
    set +e
    trap '' INT TERM HUP PIPE
    trap - EXIT
    [ -t 0 ] && stty echo
    echo "Stopping ..."
    for name in "${!pids[@]}"; do kill -TERM "${pids[$name]}" 2>/dev/null || true; done
    wait
    postgres stop
    rm -rf "$work"
}
trap end EXIT
trap 'exit 0' INT TERM HUP

# postgres start|stop|restart: PostgreSQL listens at a socket in its own folder, so that it disturbs no other.
postgres() {
    (cd / && "${as[@]}" "$programs/pg_ctl" -D "$work/postgres/data" -l "$work/postgres/log" -o "-h '' -k $work/postgres" -m fast -s -w "$1")
}

# run NAME ARGUMENTS: runs iec102 in the background, out of the reach of Ctrl+C, so that it can be ended in good order.
run() {
    setsid "${iec102[@]}" "${@:2}" >>"$work/$1.log" 2>&1 &
    pids[$1]=$!
}

run_node() { run "$1" serve --fleet "$work/fleet.conf" --node "$work/$1.conf" --data "$work/$1" --urls "$(url "$1")"; }

url() { echo "http://127.0.0.1:811${1#node-}"; }

is_running() { kill -0 "${pids[$1]}" 2>/dev/null; }

# The nodes and their ports, as the first node that answers sees them.
show() {
    local table=
    for node in node-1 node-2 node-3; do
        is_running "$node" && table=$("${iec102[@]}" node list --url "$(url "$node")" 2>/dev/null) || true
        [ -n "$table" ] && break
    done
    [ -t 1 ] && clear
    echo "${table:-No node answers yet.}"
    for node in node-1 node-2 node-3; do
        is_running "$node" && echo "$node  $(url "$node")  kill -9 ${pids[$node]}" || echo "$node  is not running"
    done
}

echo "Starting PostgreSQL, 30 lines and three nodes in $work ..."
(cd / && "${as[@]}" "$programs/initdb" -D "$work/postgres/data" -U "$user" -A trust -E UTF8 --locale=C --no-sync >/dev/null)
postgres start
run simulator simulate --meters 30 --listen 127.0.0.1:0 --baud 9600 --history-days 3 --fleet-out "$work/meters.conf"
until [ -s "$work/meters.conf" ]; do sleep 0.1; done
cat >"$work/fleet.conf" <<END
include "meters.conf"
iec102.store.postgres = "Host=$work/postgres;Database=postgres;Username=$user"
iec102.cluster.handback = 20s
END
for node in node-1 node-2 node-3; do
    echo "iec102.node { id = $node, url = \"$(url "$node")\" }" >"$work/$node.conf"
    run_node "$node"
done

# A key pressed while the table is drawn must not appear in it. Without a terminal there are no keys, and one table every few seconds.
[ ! -t 0 ] || stty -echo
while true; do
    show
    if [ -t 0 ]; then
        echo "Logs: $work. In another terminal: iec102 status --watch --url of any node."
        echo "Keys: 1, 2, 3 kill that node or start it again; p restarts PostgreSQL; Ctrl+C ends the demo."
        key=
        read -rsn 1 -t 1 key || true
    else
        sleep 3 &
        wait $! && key=
    fi
    case $key in
        [123])
            if is_running "node-$key"; then
                kill -KILL "${pids[node-$key]}"
                # Bash says that it was killed.
                { wait "${pids[node-$key]}" || true; } 2>/dev/null
            else
                run_node "node-$key"
            fi
            ;;
        p) postgres restart ;;
    esac
done
