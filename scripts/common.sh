# Sourced by the other scripts: the repository's root, and a quiet build.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

command -v dotnet >/dev/null || {
    echo "The .NET 10 SDK is needed: install it and put 'dotnet' on the PATH." >&2
    exit 2
}

# build PROJECT: builds it in Release unless its output is newer than every source.
build() {
    local output=$root/$1/bin/Release/net10.0/$2.dll
    if [ ! -f "$output" ] || [ -n "$(find "$root/src" "$root/$1" "$root"/Directory.* "$root/global.json" -newer "$output" \
        \( -name '*.cs' -o -name '*.razor' -o -name '*.resx' -o -name '*.css' -o -name '*.js' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.proto' -o -name '*.json' \
        -o -name '*.conf' \) \
        -not -path '*/obj/*' -not -path '*/bin/*' -print -quit)" ]; then
        [ -f "$output" ] && echo "Building $2 ..." >&2 || echo "Building $2; the first time takes a minute or two ..." >&2
        local log
        log=$(dotnet build "$root/$1" -c Release --nologo -v quiet 2>&1) || {
            echo "$log" >&2
            exit 1
        }
        touch "$output"
    fi
}

# Prints the folder of PostgreSQL's programs, of the newest version that is installed.
postgres_programs() {
    local newest
    newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
    [ -x "$newest" ] && dirname "$newest"
}
