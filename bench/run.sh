#!/usr/bin/env bash
# Ours and the peers in turn on the same machine; writes docs/benchmarks.md and its pictures.
#   bench/run.sh                                        everything: about 45 minutes on two cores that do nothing else
#   bench/run.sh w1 | w2 | w3 | w4 | w5 | memory | curves …   only these parts; the page keeps the others
# Environment: PEERS (the peers' folder, default ../shared/peers), PEERS_HOME (their installation and the data),
# BENCH_HOME (ours and the outputs; both default to artifacts/bench), BENCH_ROUNDS (default 3).
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export PEERS="${PEERS:-$root/../shared/peers}"
[[ -d "$PEERS" ]] || { echo "bench/run.sh: the peers are not in $PEERS: name their folder in PEERS" >&2; exit 2; }
PEERS="$(cd "$PEERS" && pwd)"
export BENCH_HOME="${BENCH_HOME:-$root/artifacts/bench}" BENCH_ROUNDS="${BENCH_ROUNDS:-3}"
export PEERS_HOME="${PEERS_HOME:-$BENCH_HOME/peers}" BENCH_PAGE="$root/docs/benchmarks.md"
export BENCH_PLAN="$root/samples/article-example-2.yaml"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
mkdir -p "$BENCH_HOME"

"$root/bench/setup.sh"
# Compiled ahead of time, as a package would be: it halves the cost of starting.
dotnet publish "$root/src/Cli/Cli.csproj" -c Release -r linux-x64 --self-contained false -p:PublishReadyToRun=true \
  -o "$BENCH_HOME/orleansclean" -v quiet -clp:NoSummary
# The same with its runtime, all of it compiled as one. Its intermediate files must not meet those of the others.
dotnet publish "$root/src/Cli/Cli.csproj" -c Release -r linux-x64 --self-contained true -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=true \
  -p:ArtifactsPath="$BENCH_HOME/self-contained-artifacts" -o "$BENCH_HOME/self-contained" -v quiet -clp:NoSummary
mkdir -p "$BENCH_HOME/w3"
gcc -O3 -march=native "$root/bench/arrays/scale.c" -o "$BENCH_HOME/w3/scale" -lpthread
dotnet build "$root/bench/arrays/ArrayInMemory.cs" -c Release -o "$BENCH_HOME/w3/in-memory" -v quiet -clp:NoSummary
[[ -f "$BENCH_HOME/w3/f64.npy" ]] ||
  /usr/bin/python3 -c 'import sys, numpy as np; np.save(sys.argv[1], np.arange(125_000_000, dtype=np.float64))' "$BENCH_HOME/w3/f64.npy"
dotnet build "$root/samples/map-function" -c Release -o "$BENCH_HOME/map-function" -v quiet -clp:NoSummary
dotnet build "$root/bench/Bench.csproj" -c Release -v quiet -clp:NoSummary

version() { node -p "require('$PEERS_HOME/node_modules/$1/package.json').version"; }
BENCH_COMMIT="$(git -C "$root" rev-parse --short HEAD)"
BENCH_VERSIONS="pandas $(/usr/bin/python3 -c 'import pandas; print(pandas.__version__)')\
 on $(/usr/bin/python3 --version), DuckDB $(version @duckdb/node-api), Polars $(version nodejs-polars) (Node $(node --version)),\
 CsvHelper 34.0.0, Miller $(mlr --version | awk '{print $NF}')"
export BENCH_VERSIONS BENCH_COMMIT
exec dotnet "$root/artifacts/bin/Bench/release/OrleansClean.Bench.dll" "$@"
