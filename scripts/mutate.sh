#!/usr/bin/env bash
# Shows that the tests notice when a safeguard is missing: applies each patch of tests/mutations to a copy of the tree, one at a time,
# and runs the tests that its head names. Ends with a table; exit status 1 when a patch no longer applies, does not build, or no test
# fails.
#
#   scripts/mutate.sh            every patch
#   scripts/mutate.sh NAME...    those whose file name contains one of the words
#
# Head of a patch:  # why: what it takes out
#                   # test: PROJECT FILTER     a directory of tests/ and a filter of dotnet test
#                   # seeds: N                 optional: for simulations, as IEC102_SEEDS
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

copy=$(mktemp -d "${TMPDIR:-/tmp}/iec102-mutate-XXXXXX")
trap 'rm -rf "$copy"' EXIT
export GIT_CEILING_DIRECTORIES=$copy
table=() escaped=0 caught=0

field() { sed -n "s/^# $2: *//p" "$1" | head -1; }

wanted() {
    [ $# -eq 1 ] && return 0
    local file=$1 word
    shift
    for word in "$@"; do [[ $(basename "$file") == *"$word"* ]] && return 0; done
    return 1
}

# run PROJECT FILTER SEEDS: builds and tests in the copy. Prints the first test that failed.
# 0: all passed, 1: one failed, 2: did not build, 3: no test ran.
run() {
    local project=tests/$1 results=$copy/artifacts/mutation log=$copy/artifacts/log
    rm -rf "$results" && mkdir -p "$results"
    # Analyzers are off: that a patch leaves something unused is no finding.
    (cd "$copy" && dotnet build "$project" -c Release --nologo -v quiet -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false) \
        >"$log" 2>&1 || return 2
    (cd "$copy" && env ${3:+"IEC102_SEEDS=$3"} timeout 600 dotnet test "$project" -c Release --no-build --nologo --filter "$2" \
        --logger "trx;LogFileName=run.trx" --results-directory "$results" --blame-hang-timeout 2m) >"$log" 2>&1
    if ! grep -q '<UnitTestResult ' "$results/run.trx" 2>/dev/null; then
        grep -q 'No test matches' "$log" && return 3
        echo "the run did not end"
        return 1
    fi
    grep -o '<UnitTestResult [^>]*outcome="Failed"' "$results/run.trx" |
        sed -E 's/.*testName="([^"]*)".*/\1/; s/^[^(]*\.([^.(]+\.[^.(]+)/\1/; s/&quot;/"/g' |
        head -1 | grep .
    [ "${PIPESTATUS[3]}" -ne 0 ] && return 0
    return 1
}

# By project, so that little has to be built again from one to the next.
patches=()
while IFS=: read -r patch _; do
    wanted "$patch" "$@" && patches+=("$patch")
done < <(grep -H '^# test:' tests/mutations/*.patch | sort -t: -k3)
[ ${#patches[@]} -gt 0 ] || { echo "No patch of tests/mutations has such a name." >&2; exit 2; }

git ls-files -coz --exclude-standard | while IFS= read -r -d '' file; do [ -e "$file" ] && printf '%s\0' "$file"; done |
    tar --null --files-from=- --create --file=- | tar --extract --file=- --directory="$copy"

for patch in "${patches[@]}"; do
    name=$(basename "$patch" .patch) why=$(field "$patch" why) test=$(field "$patch" test) seeds=$(field "$patch" seeds)
    project=${test%% *} filter=${test#* } began=$SECONDS
    echo "== $name: $why"
    if ! git -C "$copy" apply -C1 "$root/$patch" 2>"$copy/refused"; then
        result="does not apply any more: $(head -1 "$copy/refused")" failed=1
    else
        by=$(run "$project" "$filter" "$seeds")
        case $? in
            0) result="NOT CAUGHT by $filter" failed=1 ;;
            1) result=$by failed=0 ;;
            2) result="does not build: $(grep -m1 -o 'error [A-Z]*[0-9]*: [^[]*' "$copy/artifacts/log")" failed=1 ;;
            *) result="no test matches $filter" failed=1 ;;
        esac
        git -C "$copy" apply -C1 --reverse "$root/$patch"
    fi
    escaped=$((escaped + failed)) caught=$((caught + 1 - failed))
    echo "   $result ($((SECONDS - began)) s)"
    table+=("| $name | $why | $result | $((SECONDS - began)) |")
done

# What caught a patch must pass without it.
for project in $(for patch in "${patches[@]}"; do
    [ -n "$(field "$patch" seeds)" ] || field "$patch" test | cut -d' ' -f1
done | sort -u); do
    filter=$(for patch in "${patches[@]}"; do field "$patch" test | sed -n "s/^$project //p"; done | sort -u | paste -sd'|')
    echo "== without patches: $project"
    if ! by=$(run "$project" "$filter" ""); then
        echo "   fails too: $by"
        escaped=$((escaped + 1))
    fi
done

echo
echo "| patch | what it takes out | caught by | s |"
echo "|---|---|---|---|"
printf '%s\n' "${table[@]}"
echo
echo "$caught caught, $escaped not"
[ "$escaped" -eq 0 ]
