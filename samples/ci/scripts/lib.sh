# Sourced by plan.sh, apply.sh and drift.sh. Needs rollcall, curl, jq and sha256sum.
# Options of rollcall (prune, state, lease-timeout, …) stand in rollcall.yaml or in the environment (ROLLCALL_STATE, …).
# shellcheck shell=bash

# Where the reports go: keep this folder as an artifact of the job.
out=${ROLLCALL_REPORTS:-rollcall-reports}
mkdir -p "$out"

# call METHOD PATH [JQ-ARGUMENTS]: a call of the forge's API below the repository; the arguments make the body.
call() {
  local method=$1 path=$2 body=() answer
  shift 2
  [ $# -eq 0 ] || body=(--data-binary "@-" --header 'Content-Type: application/json')
  answer=$(if [ $# -gt 0 ]; then jq -n "$@"; fi | curl --silent --show-error --fail-with-body --retry 3 \
    --request "$method" "${headers[@]}" "${body[@]}" "$api/$path") || { echo "$method $path: $answer" >&2; return 1; }
  printf '%s\n' "$answer"
}

# all PATH?QUERY JQ-FILTER: the filter's output for the elements of a list, from all its pages.
all() {
  local page=1 list
  while :; do
    list=$(call GET "$1per_page=100&page=$page")
    jq -c --arg bot "$bot" ".[] | $2" <<<"$list"
    [ "$(jq length <<<"$list")" -eq 100 ] || return 0
    page=$((page + 1))
  done
}

first() { sed -n 1p; }

# The forge: its `api`, `headers` and `bot`, and what the jobs want of it, as functions host_….
here=$(dirname "$0")
# shellcheck source=SCRIPTDIR/github.sh
if [ -n "${GITLAB_CI:-}" ]; then . "$here/gitlab.sh"; else . "$here/github.sh"; fi

# run VERB [OPTIONS]: rollcall with its reports in $out; sets status to its exit code. There is always a VERB.md:
# what stops rollcall before it has a report (a stale plan, another run's lease) is told by its error.
run() {
  verb=$1
  shift
  rm -f "$out/$verb.md" "$out/$verb.json"
  status=0
  rollcall "$verb" --report "md=$out/$verb.md" --report "json=$out/$verb.json" --report "html=$out/$verb.html" "$@" \
    2>"$out/$verb.err" || status=$?
  cat "$out/$verb.err" >&2
  [ -s "$out/$verb.md" ] && return
  {
    printf '## rollcall %s\n\n**Stopped** · exit %s\n\n' "$verb" "$status"
    tail -n 20 "$out/$verb.err" | cut -c 1-1000 | sed 's/^/    /'
  } >"$out/$verb.md"
}

# What a reviewer agrees to: which resources change where, and how. Not what may differ between the review and the
# merge without a change being another one: the lines of the files, the day, the order in which members are listed,
# how many others the endpoint has.
review() {
  jq -cS '[.changes[] | {kind, name, endpoint, action, attributes: [.attributes[]? | {path, before, after}]}]
    | walk(if type == "array" then sort else . end)' "$out/plan.json" | sha256sum | cut -d ' ' -f 1
}

has_changes() { jq -e '.changes | length > 0' "$out/$verb.json" >/dev/null; }

# What to do now, by the exit code.
advice() {
  case $status in
    0) ;;
    2)
      if has_changes; then
        echo 'To put this right, run the apply job; to keep it as it is, change the manifests.'
      else
        echo 'The apply job leaves this as it is: take it into the manifests, remove it at the endpoint, or live with it (rollcall drift acknowledge).'
      fi
      ;;
    3) echo 'The manifests are faulty: mend what is listed above.' ;;
    4) echo 'A guardrail stopped this, and **nothing will be applied**. If it is no accident, say so in the manifests, as the hint tells.' ;;
    5) echo 'Nothing was applied: something changed in the last moment, or another run is at work. Run this again.' ;;
    6) echo 'Some changes were not made. Running this again makes the rest.' ;;
    7) echo 'An endpoint could not be read completely: see above. Run this again when that is mended.' ;;
    *) echo "rollcall ended with exit $status: see the log of the job." ;;
  esac
}
