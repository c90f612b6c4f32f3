#!/usr/bin/env bash
# Breaks the product on purpose, one patch at a time, and demands that the tests which the patch names notice. It works on a copy, with what
# the Release build left: only the project that a patch touches is compiled again, and its library laid into a copy of the tests.
#
#   run.sh [PATCH…]     all patches of this folder, or these
#
# A patch begins with one or two lines:
#   # why: what would go wrong
#   # must fail: PROJECT FILTER     a test project, and the tests of it that must notice (as 'dotnet test --filter' takes it)
#
# As many are tried side by side as there are cores, each in a copy of its own; MUTATION_JOBS=1 tries one after the other.
# Exit 0 only if every mutant was caught. The last line is always "mutations: N caught, N survived, N skipped, N broken".
set -uo pipefail
exec </dev/null
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
cd "$root" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

# Outside of the repository, where git would take patches for its own.
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
caught=0 survived=0 skipped=0 broken=0

tell() { printf '  %-9s %s: %s\n' "$1" "$2" "$3"; }

attribute() { sed -n "s/.*<Counters.* $1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1; }

copy_tree() { # The files of the working tree, and of what was built the libraries that may be needed.
  git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    [[ -e "$file" ]] && printf '%s\0' "$file"
  done | xargs -0 cp --parents -p -t "$tree"
  mkdir -p "$tree/artifacts/bin"
  cp -rp artifacts/obj "$tree/artifacts/"
  for project in src/*/; do
    local name
    name="$(basename "$project")"
    if [[ -d "artifacts/bin/$name" ]]; then cp -rp "artifacts/bin/$name" "$tree/artifacts/bin/"; fi
  done
  if [[ -d node_modules ]]; then ln -s "$root/node_modules" "$tree/node_modules"; fi
}

try() { # try PATCH
  local patch="$1" name must project filter mutated log="$tree.log" trx="$tree/results/mutant.trx"
  name="$(basename "$patch" .patch)"
  must="$(sed -n 's/^# must fail: //p' "$patch" | head -n 1)"
  project="${must%% *}" filter="${must#* }"
  mutated="$(sed -n 's|^+++ b/src/\([^/]*\)/.*|\1|p' "$patch" | sort -u)"
  if [[ -z "$must" || "$project" == "$filter" || -z "$mutated" || "$mutated" == *$'\n'* ]]; then
    tell broken "$name" "it needs a line '# must fail: PROJECT FILTER' and changes in exactly one project of src"
    broken=$((broken + 1))
    return
  fi
  if [[ ! -f "artifacts/bin/$project/release/OrleansClean.$project.dll" ]]; then
    tell broken "$name" "$project was not built: run 'dotnet build OrleansClean.sln -c Release' first"
    broken=$((broken + 1))
    return
  fi
  if ! (cd "$tree" && git apply -p1 "$patch") 2>"$log"; then
    tell broken "$name" "it does not apply any more: make the change by hand, 'git diff src > $patch', put its first two lines back, and undo the change"
    sed 's/^/            /' "$log"
    broken=$((broken + 1))
    return
  fi
  if ! (cd "$tree" && dotnet build "src/$mutated" -c Release --no-restore -v quiet -clp:NoSummary \
    -p:BuildProjectReferences=false -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -p:TreatWarningsAsErrors=false) >"$log" 2>&1; then
    tell broken "$name" "it does not compile any more"
    grep -E 'error' "$log" | sort -u | sed 's/^/            /'
    broken=$((broken + 1))
  else
    rm -rf "$tree/results" "$tree/artifacts/bin/$project"
    cp -rp "artifacts/bin/$project" "$tree/artifacts/bin/"
    cp "$tree/artifacts/bin/$mutated/release/OrleansClean.$mutated.dll" "$tree/artifacts/bin/$project/release/"
    timeout 240 dotnet test "$tree/artifacts/bin/$project/release/OrleansClean.$project.dll" --filter "$filter" \
      --logger "trx;LogFileName=mutant.trx" --results-directory "$tree/results" --nologo >"$log" 2>&1
    judge "$name" $? "$trx" "$log" "$project" "$filter" "$(sed -n 's/^# why: //p' "$patch" | head -n 1)"
  fi
  # The files that were changed as they were.
  sed -n 's|^+++ b/||p' "$patch" | while IFS= read -r file; do cp -p "$root/$file" "$tree/$file"; done
}

judge() { # judge NAME CODE TRX LOG PROJECT FILTER WHY
  local total=0 executed=0 passed=0
  if [[ -f "$3" ]]; then
    total="$(attribute total "$3")" executed="$(attribute executed "$3")" passed="$(attribute passed "$3")"
  fi
  if (($2 == 124)); then
    tell caught "$1" "the tests did not end"
    caught=$((caught + 1))
  elif ((${total:-0} == 0)); then
    tell broken "$1" "no test of $5 matches '$6'"
    tail -n 5 "$4" | sed 's/^/            /'
    broken=$((broken + 1))
  elif ((${executed:-0} == 0)); then
    tell skipped "$1" "the tests of $5 that would notice cannot run here"
    skipped=$((skipped + 1))
  elif ((executed > passed)); then
    tell caught "$1" "$((executed - passed)) of $executed tests of $5 failed"
    caught=$((caught + 1))
  else
    tell SURVIVED "$1" "all $executed tests of $5 that match '$6' passed. ${7:-} Write the test that notices, or correct the line '# must fail:'."
    survived=$((survived + 1))
  fi
}

work() { # work NUMBER PATCH…: tries each, and leaves the counts.
  local tree="$scratch/$1"
  mkdir -p "$tree"
  copy_tree
  for patch in "${@:2}"; do
    try "$(cd "$(dirname "$patch")" && pwd)/$(basename "$patch")"
  done
  echo "$caught $survived $skipped $broken" >"$scratch/$1.counts"
}

patches=("$@")
if ((${#patches[@]} == 0)); then patches=("$here"/*.patch); fi
if [[ ! -f "${patches[0]}" ]]; then
  echo "mutations: there is no patch in $here" >&2
  exit 1
fi
jobs="${MUTATION_JOBS:-$(nproc)}"
if ((jobs > ${#patches[@]})); then jobs=${#patches[@]}; fi
for ((job = 0; job < jobs; job++)); do
  mine=()
  for ((i = job; i < ${#patches[@]}; i += jobs)); do mine+=("${patches[$i]}"); done
  work "$job" "${mine[@]}" &
done
wait
for ((job = 0; job < jobs; job++)); do
  if read -r c s k b 2>/dev/null <"$scratch/$job.counts"; then
    caught=$((caught + c)) survived=$((survived + s)) skipped=$((skipped + k)) broken=$((broken + b))
  else
    broken=$((broken + 1))
  fi
done
printf 'mutations: %d caught, %d survived, %d skipped, %d broken\n' "$caught" "$survived" "$skipped" "$broken"
((survived + broken == 0 && caught > 0))
