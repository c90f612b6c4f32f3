#!/usr/bin/env bash
# Restores, builds and tests everything. The last line is always "N passed, N failed, N skipped".
# Exit 0 only if something ran and nothing failed.
set -uo pipefail
exec </dev/null
root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$root" || exit 1

usage() {
  cat <<'TEXT'
./test.sh          restore, build in Release, run every test but the long ones (about nine minutes on two cores)
./test.sh --long   the long tests too (trait Category=Long)
./test.sh --help   this text

ORLEANS=auto (the default) builds and tests the cluster if the package feed carries Orleans, and says so if not.
ORLEANS=required fails if it does not; ORLEANS=absent leaves the cluster out.
TEXT
}

long=no
for argument in "$@"; do
  case "$argument" in
    --long) long=yes ;;
    -h | --help) usage; exit 0 ;;
    *) echo "test.sh: unknown argument '$argument'" >&2; usage >&2; exit 2 ;;
  esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_CLI_UI_LANGUAGE=en
# Minimal images have no ICU, and the products run without it anyway.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
# A build node that outlives this script would keep the caller's output pipe open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export LC_ALL=C.UTF-8
# Hundreds of short processes: profiles for better code cost them more than they bring.
export DOTNET_TieredPGO=0

passed=0 failed=0 skipped=0 cluster=0
results="$root/artifacts/test-results"
skips="$results/skipped.txt" failures="$results/failed.txt"

finish() { # The plain closing line, whatever happened before.
  if [[ -s "$failures" ]]; then
    echo
    echo "failed:"
    cat "$failures"
  fi
  if [[ -s "$skips" ]]; then
    echo
    echo "skipped:"
    sort -u "$skips"
  fi
  echo
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  if ((failed > 0 || passed == 0)); then exit 1; fi
  exit 0
}

fail() { # fail MESSAGE: a stage that is not a test went wrong; it counts as one failure.
  echo "test.sh: $1" >&2
  echo "  $1" >>"$failures"
  failed=$((failed + 1))
}

rm -rf "$results"
mkdir -p "$results"

if ! command -v dotnet >/dev/null; then
  fail "the .NET 10 SDK is missing: install it and put 'dotnet' on the PATH"
  finish
fi
if ! dotnet --version >/dev/null; then
  fail "'dotnet --version' refused (above); global.json asks for .NET SDK 10.0.100 or later"
  finish
fi

if [[ ! -d node_modules/azurite ]]; then
  echo "== npm ci"
  if ! command -v npm >/dev/null; then
    echo "test.sh: npm is missing, so the tests of blob storage are skipped" >&2
  elif ! npm ci --no-audit --no-fund --loglevel=error; then
    fail "npm ci failed"
  fi
fi
orleans="${ORLEANS:-auto}"
echo "== orleans ($orleans)" # Orleans is on some feeds only.
case "$orleans" in
  absent) OrleansMode=absent ;;
  auto | required)
    if ! OrleansMode="$(bash eng/orleans-mode.sh)"; then
      fail "whether the package feed carries Orleans could not be found out (above); ORLEANS=absent leaves the cluster out"
      finish
    fi
    ;;
  *)
    fail "ORLEANS is '$orleans'; it takes auto, required or absent"
    finish
    ;;
esac
if [[ "$orleans" == required && "$OrleansMode" == absent ]]; then
  fail "ORLEANS=required, and the package feed lacks Orleans"
  finish
fi
export OrleansMode

echo "== restore"
if ! dotnet restore OrleansClean.sln -v quiet; then
  fail "restore failed"
  finish
fi
echo "== build -c Release"
if ! dotnet build OrleansClean.sln -c Release --no-restore -v quiet -clp:NoSummary; then
  fail "build failed"
  finish
fi

filter="Category!=Long"
hang=8m # One test that is silent for this long is a hang: it is named and ended.
if [[ "$long" == yes ]]; then
  filter=""
  hang=60m
fi

# attribute NAME FILE: the number in NAME="…" of the trx file's counters.
attribute() { sed -n "s/.*<Counters.* $1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1; }

# plain: text of a trx file without XML's escapes.
plain() { sed -e 's/&quot;/"/g' -e "s/&apos;/'/g" -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&#xD;//g' -e 's/&#xA;/ /g' -e 's/&amp;/\&/g'; }

# skipped_tests FILE: one line "  test: reason" for each test that was not executed.
skipped_tests() {
  awk '
    /<UnitTestResult / {
      name = ""; inside = 0
      if ($0 ~ /outcome="NotExecuted"/) {
        inside = 1; reason = ""
        name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name)
        if ($0 ~ /\/>[ \t\r]*$/) { print "  " name; inside = 0 }
      }
      next
    }
    inside && /<\/UnitTestResult>/ {
      gsub(/<[^>]*>/, " ", reason); gsub(/[ \t\r]+/, " ", reason); sub(/^ /, "", reason); sub(/ $/, "", reason)
      print "  " name (reason == "" ? "" : ": " reason)
      inside = 0; next
    }
    inside { reason = reason " " $0 }
  ' "$1" | plain
}

# failed_tests FILE: one line "  test: what it said" for each test that failed, so that the end of a long log tells which.
failed_tests() {
  awk '
    /<UnitTestResult / {
      name = ""
      if ($0 ~ /outcome="(Failed|Error|Timeout|Aborted)"/) {
        name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name)
        if ($0 ~ /\/>[ \t\r]*$/) { print "  " name; name = "" }
      }
      next
    }
    name != "" && /<Message>/ {
      said = $0; sub(/.*<Message>/, "", said); sub(/<\/Message>.*/, "", said)
      print "  " name ": " substr(said, 1, 300); name = ""
      next
    }
    name != "" && /<\/UnitTestResult>/ { print "  " name; name = "" }
  ' "$1" | plain
}

run_project() { # run_project NAME: its tests, into files that are counted later; what they say is printed in one piece.
  local name="$1" library="artifacts/bin/$1/release/OrleansClean.$1.dll" log="$results/$1.log"
  echo "== $name" >"$log"
  if [[ -f "$library" ]]; then
    dotnet test "$library" ${filter:+--filter "$filter"} \
      --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" --results-directory "$results" \
      --blame-hang --blame-hang-timeout "$hang" --blame-hang-dump-type none --nologo >>"$log" 2>&1
    echo $? >"$results/$name.code"
  else
    echo "$name was not built: $library is missing" >>"$log"
    echo 1 >"$results/$name.code"
  fi
  cat "$log"
}

lane() { # lane NAME…: one project after the other.
  local name
  for name in "$@"; do run_project "$name"; done
}

count_project() { # count_project NAME: what its tests came to.
  local name="$1" trx="$results/$1.trx" code=1 ours=0 total executed ok
  if [[ -f "$results/$name.code" ]]; then code="$(<"$results/$name.code")"; fi
  if [[ -f "$trx" ]]; then
    total="$(attribute total "$trx")" executed="$(attribute executed "$trx")" ok="$(attribute passed "$trx")"
    total=${total:-0} executed=${executed:-0} ok=${ok:-0}
    ours=$((executed - ok))
    passed=$((passed + ok))
    failed=$((failed + ours))
    skipped=$((skipped + total - executed))
    skipped_tests "$trx" >>"$skips"
    failed_tests "$trx" >>"$failures"
  fi
  if ((code != 0 && ours == 0)); then
    fail "$name ended with exit code $code without naming a failed test (a crash or a hang)"
  fi
}

# Two lanes: the tests of the command run one by one and wait for processes, most others compute. What times a cluster has the machine to itself.
waiting=() computing=() alone=()
for project in tests/*/*.csproj; do
  name="$(basename "$project" .csproj)"
  if [[ "$OrleansMode" == absent ]] && grep -q '<NeedsOrleansRuntime>true' "$project"; then
    # Files that the project takes over from another one count too.
    mapfile -t linked < <(sed -n 's/.*<Compile Include="\([^"]*\)" Link=.*/\1/p' "$project")
    left="$(cd "$(dirname "$project")" && grep -rhoE '\[[A-Za-z]*(Fact|Theory)\b' --include='*.cs' . "${linked[@]}" | wc -l)"
    skipped=$((skipped + left)) cluster=$((cluster + left))
    continue
  fi
  case "$(sed -n 's/.*<TestLane>\(.*\)<\/TestLane>.*/\1/p' "$project")" in
    waiting) waiting+=("$name") ;;
    alone) alone+=("$name") ;;
    *) computing+=("$name") ;;
  esac
done

# With job control the lane is a process group of its own: it can be ended as a whole, and its processes hear Ctrl+C, which tests send.
set -m
lane "${waiting[@]}" &
beside=$!
set +m
trap 'kill -- -"$beside" 2>/dev/null' EXIT
lane "${computing[@]}"
wait "$beside"
trap - EXIT
lane "${alone[@]}"
for name in "${waiting[@]}" "${computing[@]}" "${alone[@]}"; do count_project "$name"; done

# The tests are tested: each patch of tests/Mutations breaks the product, and the tests that it names must notice. Each counts as a test.
echo "== mutations"
mutants=()
if [[ "$long" == no ]]; then mapfile -t mutants < <(grep -L '^# long' tests/Mutations/*.patch); fi
# Not tee /dev/stderr: where that is a file, it would be opened anew and cut to nothing.
bash tests/Mutations/run.sh "${mutants[@]}" | tee "$results/mutations.log"
mutations="$(tail -n 1 "$results/mutations.log")"
if [[ "$mutations" =~ ^mutations:\ ([0-9]+)\ caught,\ ([0-9]+)\ survived,\ ([0-9]+)\ skipped,\ ([0-9]+)\ broken$ ]]; then
  passed=$((passed + BASH_REMATCH[1]))
  failed=$((failed + BASH_REMATCH[2] + BASH_REMATCH[4]))
  grep -E '^ *(survived|broken)' "$results/mutations.log" >>"$failures"
  skipped=$((skipped + BASH_REMATCH[3]))
  if ((BASH_REMATCH[3] > 0)); then echo "mutations: ${BASH_REMATCH[3]} need tests that cannot run here" >>"$skips"; fi
else
  fail "tests/Mutations/run.sh did not end as it should"
fi

if ((cluster > 0)); then
  echo "cluster: $cluster tests need the Orleans runtime, which is left out or which this package feed lacks" | tee -a "$skips"
fi
bash eng/cluster-sources.sh || fail "whether the cluster's sources are those of the verified run could not be told (above)"
if [[ "$long" == no ]]; then
  echo "long tests (Category=Long) and mutations (# long) are left out: ./test.sh --long runs them too"
fi

# Some tests read the public files in ../shared/corpus. In a worktree the folder lies further up.
corpus=""
folder="$root"
while [[ "$folder" != / && -z "$corpus" ]]; do
  folder="$(dirname "$folder")"
  if [[ -d "${folder%/}/shared/corpus" ]]; then corpus="${folder%/}/shared/corpus"; fi
done
if [[ -z "$corpus" ]]; then
  echo "corpus: not found at ../shared/corpus; the tests that read it are skipped" >>"$skips"
fi

finish
