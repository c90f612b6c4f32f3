#!/usr/bin/env bash
# Installs what the peers need and makes the data, into PEERS_HOME; what is there already is kept.
#   PEERS=../shared/peers PEERS_HOME=artifacts/bench/peers bench/setup.sh
set -euo pipefail
: "${PEERS:?the folder of the scripts of the peers}" "${PEERS_HOME:?where to install}"
PEERS="$(cd "$PEERS" && pwd)"
mkdir -p "$PEERS_HOME/data" "$PEERS_HOME/bin"
cd "$PEERS_HOME"

need() { command -v "$1" >/dev/null || missing+=("$2"); }
missing=()
need mlr miller; need gcc gcc; need /usr/bin/python3 python3
/usr/bin/python3 -c 'import pandas' 2>/dev/null || missing+=(python3-pandas python3-numpy)
if ((${#missing[@]})); then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
[[ -d node_modules/nodejs-polars-linux-x64-gnu && -d node_modules/@duckdb ]] ||
  npm install --no-audit --no-fund --no-save --silent @duckdb/node-api nodejs-polars nodejs-polars-linux-x64-gnu@0.26.1
[[ -x bin/generate ]] || gcc -O2 -o bin/generate "$PEERS/generate.c"
if [[ ! -x bin/csvhelper34/Bench34 ]]; then
  mkdir -p csvhelper34 && cp -f "$PEERS"/csvhelper34/* csvhelper34/
  dotnet build csvhelper34/Bench34.csproj -c Release -o bin/csvhelper34 -v quiet -clp:NoSummary
fi

many() { [[ -f "data/$1/.done" ]] || { ./bin/generate many "data/$1" "$2" "$3" "$4" && touch "data/$1/.done"; }; }
many w1 200 50000 1
many w1s 50 50000 1
many w5 5000 100 5
for size in 10 50 100 250 500 1000 2000 4000; do
  folder="data/size-$size"
  [[ -f "$folder/.done" ]] && continue
  mkdir -p "$folder"
  ./bin/generate one "$folder/one.csv" "${size}000000" 2 2>/dev/null
  touch "$folder/.done"
done
