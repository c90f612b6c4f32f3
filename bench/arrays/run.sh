#!/usr/bin/env bash
# W3: 1 GB of doubles times two, ours and the peers in turn; prints, and writes nothing.
#   PEERS=../shared/peers bench/arrays/run.sh [ROUNDS]
# BENCH_HOME (default artifacts/bench) takes the data: 1 GB for the array and as much for each output.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
peers="${PEERS:-$root/../shared/peers}"
home="${BENCH_HOME:-$root/artifacts/bench}/w3"
rounds="${1:-3}"
[[ -d "$peers" ]] || { echo "bench/arrays/run.sh: the peers are not in $peers: name their folder in PEERS" >&2; exit 2; }
peers="$(cd "$peers" && pwd)"
mkdir -p "$home"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet publish "$root/src/Cli/Cli.csproj" -c Release -r linux-x64 --self-contained false -p:PublishReadyToRun=true -o "$home/orleansclean" -v quiet -clp:NoSummary
dotnet build "$root/bench/arrays/ArrayInMemory.cs" -c Release -o "$home/in-memory" -v quiet -clp:NoSummary
gcc -O3 -march=native "$root/bench/arrays/scale.c" -o "$home/scale" -lpthread
cd "$home"
[[ -f f64.npy ]] || /usr/bin/python3 -c 'import numpy as np; np.save("f64.npy", np.arange(125_000_000, dtype=np.float64))'
printf 'array: 1\nsteps:\n  - scale: 2\n' > twice.yaml

timed() { # LABEL COMMAND…: wall and CPU seconds of one command
  local label="$1"; shift
  /usr/bin/env TIMEFORMAT="$label: wall %R s, cpu %U + %S s" bash -c 'time "$@" > last.txt' timed "$@"
}
for ((round = 1; round <= rounds; round++)); do
  echo "== round $round, load $(cut -d' ' -f1 /proc/loadavg)"
  echo "-- in memory"
  ./scale 1; ./scale 2
  /usr/bin/python3 "$peers/scripts/w3_shm.py" f64.npy 2 5
  dotnet in-memory/ArrayInMemory.dll
  echo "-- files"
  timed "shared_memory, load and copy and scale, nothing written" /usr/bin/python3 "$peers/scripts/w3_shm.py" f64.npy 2 1
  for statistics in none all; do
    rm -f out.npy
    timed "ours, new file, statistics $statistics" ./orleansclean/OrleansClean.Cli array twice.yaml f64.npy --out out.npy -j 2 --force --statistics "$statistics"
    timed "ours, in place, statistics $statistics" ./orleansclean/OrleansClean.Cli array twice.yaml out.npy --in-place -j 2 --force --statistics "$statistics"
  done
  rm -f out.npy; cp f64.npy out.npy
  /usr/bin/python3 "$peers/scripts/w3_memmap.py" out.npy
  if [[ -d /dev/shm ]]; then
    cp f64.npy /dev/shm/orleansclean-w3.npy
    timed "ours, in place in /dev/shm" ./orleansclean/OrleansClean.Cli array twice.yaml /dev/shm/orleansclean-w3.npy --in-place -j 2 --force --statistics none
    rm -f /dev/shm/orleansclean-w3.npy
  fi
done
