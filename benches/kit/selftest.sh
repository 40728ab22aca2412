#!/usr/bin/env bash
# Tests the kit with its own stub, which verifies signatures: a valid load passes, wrong secrets and repeated nonces fail.
# Needs cargo, python3 and wrk. Uses loopback only. Takes about 20 s after the build.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=${CARGO_TARGET_DIR:-$here/ref/target}
port=${PORT:-8390}
[ -x "${BENCHREF:-}" ] || { CARGO_TARGET_DIR=$target cargo build --release --locked --quiet --manifest-path "$here/ref/Cargo.toml"; BENCHREF=$target/release/benchref; }
"$BENCHREF" --port "$port" --threads 2 & pid=$!
trap 'kill $pid 2>/dev/null || true; rm -f "${tmp:-}"' EXIT
sleep 0.5
e="http://127.0.0.1:$port"
cd "$here"
n=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
die() { echo "not ok - $1"; exit 1; }
python3 bench.py load --endpoint "$e" --conns 1,16 -n 4000 --duration 3 --ref "$e" --pid $pid --ref-pid $pid && ok "signed load, v1 and v3" || die "signed load"
python3 bench.py load --endpoint "$e" --conns 4 -n 2000 --duration 2 --ops GetCallerIdentity --sk wrong >/dev/null 2>&1 && die "a wrong secret passed" || ok "a wrong secret fails the run"
tmp=$(mktemp)
python3 presign.py --endpoint "$e" -n 500 --out "$tmp" >/dev/null
shot() { wrk -t1 -c4 -d3s --latency -s replay.lua "$e" -- "$tmp" 1 4 1 '"RequestId"' 0 | sed -n 's/^RESULT //p'; }
shot | grep -q '"bad":0,' && ok "fresh nonces are accepted" || die "fresh nonces"
shot | grep -q 'SignatureNonceUsed' && ok "used nonces are refused" || die "used nonces"
python3 bench.py grow --endpoint "$e" --pid $pid --steps 0,1000 --list-n 500 --reset 'POST /_reset' && ok "grow and reset" || die "grow"
kill $pid; wait $pid 2>/dev/null || true
python3 bench.py cold --endpoint "$e" --runs 3 --settle 0.2 --cmd "$BENCHREF --port $port" && ok "cold start" || die "cold"
echo "$n passed, 0 failed"
