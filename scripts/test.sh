#!/usr/bin/env bash
# Builds with warnings as errors, checks the format, runs every test, and ends with one line: N passed, N failed; and how many were
# skipped, if any, because the system lacks what they need.
# With --update the tests write the pages in docs/ that they otherwise only check.
# Programs that the tests need are installed when they are missing, on Debian and as root.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"
case ${1:-} in
    "") ;;
    --update) export IEC102_UPDATE=1 ;;
    *)
        echo "usage: scripts/test.sh [--update]" >&2
        exit 2
        ;;
esac
passed=0 failed=0 skipped=0
began=$SECONDS

# Says what begins, and keeps how long what came before it took.
spent=() current=
step() {
    if [ -n "$current" ]; then
        spent+=("$(printf '%5d s  %s' $((SECONDS - since)) "$current")")
    fi
    current=$1 since=$SECONDS
    echo "== $1 (after $((SECONDS - began)) s)"
}

finish() {
    local line="$passed passed, $failed failed"
    [ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
    echo "$line"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

# Debian's postgresql also starts a server of its own, on port 5432. The tests leave it alone: they start theirs on free ports.
install_missing() {
    local missing=()
    compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
    command -v ip >/dev/null || missing+=(iproute2)
    command -v faketime >/dev/null || missing+=(faketime)
    [ -d /usr/lib/python3/dist-packages/aiosmtpd ] || missing+=(python3-aiosmtpd)
    command -v strace >/dev/null || missing+=(strace)
    command -v chromium >/dev/null || missing+=(chromium fonts-liberation)
    [ "${#missing[@]}" -eq 0 ] && return
    step "install ${missing[*]}"
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "The tests need ${missing[*]}, and tests that use them will fail or be skipped: install them, or run this on Debian as root."
        return
    fi
    local log
    log=$({ apt-get update; DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } 2>&1) ||
        printf 'apt-get cannot install %s, and tests that use them will fail or be skipped:\n%s\n' "${missing[*]}" "$(tail -n 5 <<<"$log")"
}
install_missing

step "build"
if ! dotnet build Iec102Actors.sln -c Release --nologo -v quiet; then
    failed=1
    finish
fi

# The build has checked the style and the spaces within lines (IDE0055), tests check the order of imports; this checks the rest.
step "format"
if ! dotnet format whitespace . --folder --verify-no-changes --verbosity quiet; then
    echo "The code is not formatted: run 'dotnet format'."
    failed=$((failed + 1))
fi

results=$root/artifacts/tests
promises=$root/artifacts/promises
rm -rf "$results" "$promises"

# run PROJECT MINUTES: runs its tests, none of which may take longer; leaves their results behind, what was said, and how long it took.
run() {
    local since=$SECONDS
    dotnet test "tests/$1" -c Release --no-build --nologo --logger "trx;LogFileName=$1.trx" --logger "console;verbosity=minimal" \
        --results-directory "$results" --blame-hang-timeout "$2m" >"$results/$1.log" 2>&1
    printf '%5d s  %s\n' $((SECONDS - since)) "$1" >>"$results/times"
}

# beside PROJECT...: runs their tests one project after the other, on what all other programs leave of the processors.
beside() {
    chrt --idle --pid 0 "$BASHPID" || renice -n 19 -p "$BASHPID" >/dev/null
    for name in "$@"; do
        run "$name" 15
    done
}

# show PROJECT...: prints what their tests said, and counts them.
show() {
    for name in "$@"; do
        cat "$results/$name.log"
        count "$name"
    done
}

# count PROJECT: adds its results to the sums.
count() {
    local trx=$results/$1.trx counters
    counters=$(grep -o '<Counters [^>]*>' "$trx" 2>/dev/null)
    if [ -z "$counters" ]; then
        echo "$1 ended without a result."
        failed=$((failed + 1))
        return
    fi
    value() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$counters"; }
    passed=$((passed + $(value passed)))
    failed=$((failed + $(value executed) - $(value passed)))
    skipped=$((skipped + $(value total) - $(value executed)))
    grep -A 4 'outcome="NotExecuted"' "$trx" |
        sed -nE 's/.* testName="([^"]+)".*/skipped: \1/p; s/ *<Message>(.*)<\/Message>.*/  \1/p'
}

# Two processors have room for more than one project. The tests of Faults and Server measure time, and mostly wait. All others take what
# they leave, and those that wait for a browser or a line do so beside Faults, because it leaves more. What only computes comes last.
timed=(Iec102.Faults.Tests Iec102.Server.Tests)
computing=(Iec102.Simulation.Tests Iec102.Cluster.Tests)
others=()
for project in tests/*.Tests; do
    name=$(basename "$project")
    [[ " ${timed[*]} ${computing[*]} " == *" $name "* ]] || others+=("$name")
done
mkdir -p "$results"
step "${timed[0]}, and beside it the projects that follow"
beside "${others[@]}" &
beside_first=$!
run "${timed[0]}" 5
show "${timed[0]}"
step "what ran beside it"
wait "$beside_first"
show "${others[@]}"
step "${timed[1]}, and beside it ${computing[*]}"
beside "${computing[@]}" &
run "${timed[1]}" 5
show "${timed[1]}"
step "what ran beside it"
wait
show "${computing[@]}"

step "promises, as measured in this run"
cat "$promises"/*.txt 2>/dev/null

step "time spent"
printf '%s\n' "${spent[@]}"
echo "of which the projects, some of them at the same time:"
cat "$results/times"
finish
