#!/usr/bin/env bash
# Tries the five things that a working server does. Uses the server that runs on the ports, or starts one and stops it.
#
#   AKIDB_EXPECT_MODEL      model that the server must have; else whatever model it says it has
#   AKIDB_EXPECT_DIMENSION  length of its vectors; else what the server says
#   AKIDB_HOST              127.0.0.1
#   AKIDB_REST_PORT         8080
#   AKIDB_GRPC_PORT         9090
#   AKIDB_START_SECONDS     how long a start may take, 60 (a built server needs about 5)
# Needs curl, jq and grpcurl.
set -euo pipefail

echo "=== AkiDB MLX Embedding Smoke Test ==="

scripts=$(cd "$(dirname "$0")" && pwd)
host=${AKIDB_HOST:-127.0.0.1}
rest="http://$host:${AKIDB_REST_PORT:-8080}"
grpc="$host:${AKIDB_GRPC_PORT:-9090}"
patience=${AKIDB_START_SECONDS:-60}
server=""
work=$(mktemp -d)

clean_up() {
  [ -d "$work" ] || return 0
  echo "Cleaning up..."
  if [ -n "$server" ]; then
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT

fail() {
  echo "$1"
  [ -z "$server" ] || tail -20 "$work/server.log" >&2
  exit 1
}

for tool in curl jq grpcurl; do
  command -v "$tool" >/dev/null || fail "❌ $tool is not installed"
done

# Runs a command until it succeeds, the patience ends or the server that was started has died.
wait_for() {
  local deadline=$((SECONDS + patience))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || fail "❌ The server was not ready within $patience s"
    [ -z "$server" ] || kill -0 "$server" 2>/dev/null || fail "❌ The server ended while starting"
    sleep 0.2
  done
}

call_grpc() { grpcurl -plaintext -max-time 30 -d "$2" "$grpc" "akidb.embedding.EmbeddingService/$1"; }

echo "Starting REST server..."
if ! curl -fsS -o /dev/null "$rest/health" 2>/dev/null; then
  "$scripts/akidb" serve --server.address="$host" --server.port="${rest##*:}" \
    --spring.grpc.server.address="$host" --spring.grpc.server.port="${grpc##*:}" \
    --akidb.data-dir="$work/data" >"$work/server.log" 2>&1 &
  server=$!
fi
wait_for curl -fsS "$rest/health"
echo "Starting gRPC server..."
wait_for call_grpc GetModelInfo '{}'

info=$(call_grpc GetModelInfo '{}')
model=${AKIDB_EXPECT_MODEL:-$(jq -r .model <<<"$info")}
dimension=${AKIDB_EXPECT_DIMENSION:-$(jq -r .dimension <<<"$info")}

echo "Test 1: Health check..."
curl -fsS "$rest/health" >/dev/null || fail "❌ Health check failed"
echo "✅ Health check passed"

echo "Test 2: Embed endpoint..."
answer=$(curl -fsS "$rest/embed" -H 'Content-Type: application/json' \
  -d '{"texts": ["Hello world", "Machine learning is fascinating"]}') || fail "❌ /embed failed"
got=$(jq .dimension <<<"$answer")
[ "$got" = "$dimension" ] || fail "❌ Unexpected dimension: $got"
got=$(jq '.embeddings | length' <<<"$answer")
[ "$got" = 2 ] || fail "❌ Unexpected embedding count: $got"
got=$(jq -r '[.embeddings[] | length] | unique | join(",")' <<<"$answer")
[ "$got" = "$dimension" ] || fail "❌ Unexpected dimension: $got"
echo "✅ Embed endpoint passed"

echo "Test 3: gRPC embedding..."
answer=$(call_grpc Embed "{\"texts\": [\"Test embedding\"], \"model\": \"$model\"}") || fail "❌ gRPC embedding failed"
got=$(jq '.embeddings[0].values | length' <<<"$answer")
[ "$got" = "$dimension" ] || fail "❌ Unexpected dimension: $got"
echo "✅ gRPC embedding passed"

echo "Test 4: Model info..."
got=$(call_grpc GetModelInfo '{}' | jq -r .model)
[ "$got" = "$model" ] || fail "❌ Unexpected model name: $got"
echo "✅ Model info passed"

echo "Test 5: Metrics endpoint..."
metrics=$(curl -fsS "$rest/metrics") || fail "❌ Metrics not found"
grep -q akidb_embedding_requests_total <<<"$metrics" || fail "❌ Metrics not found"
echo "✅ Metrics endpoint passed"

clean_up
echo "=== All smoke tests passed! ==="
