# Sourced by the tours: a scratch folder, a server on a free port, and commands that are shown before they run.
# ROLLCALL is the program; it is built when the variable is not set. PLAYGROUND is the application beside it.
# shellcheck shell=bash

ROLLCALL=${ROLLCALL:-$(swift build --show-bin-path)/rollcall}
PLAYGROUND=${PLAYGROUND:-$(dirname "$ROLLCALL")/playground}
work=$(mktemp -d)
servers=()
admin_password=demo-$RANDOM$RANDOM

clean_up() {
  for pid in "${servers[@]:-}"; do
    if [ -n "$pid" ]; then kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; fi
  done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
rollcall() { "$ROLLCALL" "$@"; }

# Shows a command as it would be typed, then runs it.
run() {
  printf '$'
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_./:=+-]*) printf " '%s'" "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
  "$@"
}

# The first and the last lines of a long output.
shorten() {
  awk '{ line[NR] = $0 } END {
    for (i = 1; i <= NR; i++) {
      if (NR > 60 && i == 25) { printf "  … %d lines …\n", NR - 45; i = NR - 20 }
      print line[i]
    }
  }'
}

# start_server NAME [OPTIONS]: `rollcall serve` with a store of its own, on a free port unless an option says another;
# sets url, and server to its process.
start_server() {
  local name=$1 log="$work/$1.log"
  shift
  url=
  mkdir -p "$work/$name"
  : >"$log"
  ADMIN_PASSWORD=$admin_password "$ROLLCALL" serve --port 0 --store "$work/$name/directory.sqlite" \
    --admin-password-env ADMIN_PASSWORD "$@" >"$log" 2>"$log.err" &
  await_ready "$log"
}

# start_playground [OPTIONS]: the application; sets url, and server to its process.
start_playground() {
  local log="$work/playground.log"
  : >"$log"
  "$PLAYGROUND" "$@" >"$log" 2>"$log.err" &
  await_ready "$log"
}

# await_ready LOG: waits until the process that was just started says in its log that it accepts requests, and where.
await_ready() {
  local log=$1
  server=$!
  servers+=("$server")
  for _ in $(seq 300); do
    url=$(sed -n 's/^ready //p' "$log")
    [ -n "$url" ] && break
    kill -0 "$server" 2>/dev/null || { cat "$log.err" >&2; exit 1; }
    sleep 0.1
  done
  [ -n "$url" ] || { echo "error: the server did not start" >&2; cat "$log.err" >&2; exit 1; }
  echo "ready $url"
}

# stop_server PROCESS: ends a server and waits until it is gone.
stop_server() {
  kill "$1"
  wait "$1" || true
}
