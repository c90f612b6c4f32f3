#!/usr/bin/env bash
# Says in one line whether the sources that face Orleans are those of the run that docs/verification.md tells of.
# --renew writes down those that stand there now, after a run of all cluster tests: ORLEANS=required ./test.sh --long.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

page=docs/verification.md
folders=(src/Grains src/Silo src/Client tests/Grains.Tests tests/Silo.Tests tests/Client.Tests)

sources() { # The hash of all names and contents.
  local folder there=()
  for folder in "${folders[@]}"; do if [[ -d "$folder" ]]; then there+=("$folder"); fi; done
  find "${there[@]}" -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.json' \) -print0 \
    | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1
}

now="$(sources)"
case "${1:-}" in
  "") ;;
  --renew)
    sed -i "s/^Cluster sources: .*/Cluster sources: sha256 \`$now\`, run of $(date -u +%F)./" "$page"
    ;;
  *)
    echo "cluster-sources.sh: it takes --renew or nothing, not '$1'" >&2
    exit 2
    ;;
esac

line="$(grep -m 1 '^Cluster sources: sha256 `' "$page" || true)"
if [[ ! "$line" =~ ^Cluster\ sources:\ sha256\ \`([0-9a-f]{64})\`,\ run\ of\ ([0-9]{4}-[0-9]{2}-[0-9]{2})\.$ ]]; then
  echo "cluster-sources.sh: $page has no line 'Cluster sources: sha256 …, run of DATE.'" >&2
  exit 1
fi

if [[ "${BASH_REMATCH[1]}" == "$now" ]]; then
  echo "cluster sources unchanged since the verified run of ${BASH_REMATCH[2]}"
else
  echo "cluster sources changed since the verified run of ${BASH_REMATCH[2]}"
fi
