// Made by .ci/scaffold from samples/ci: change it there.

extension Scaffold {
  /// What the jobs of every forge run.
  // The lines are those of the samples.
  // swift-format-ignore
  static let scripts: [File] = [
    File(
      "ci/apply.sh",
      ##"""
      #!/usr/bin/env bash
      # After a merge: plans again and applies that, if it is what was reviewed. REVIEW, given by hand, agrees to a plan that
      # no comment showed. Ends with the exit code of `rollcall apply`; 5 when the plan is another one now.
      set -euo pipefail
      # shellcheck source=SCRIPTDIR/lib.sh
      . "$(dirname "$0")/lib.sh"

      request=$(host_merged_request)

      # conclude [REMARK]: says what came of it where the plan was shown, and ends.
      conclude() {
        {
          printf '<!-- rollcall apply -->\n%s\n\n' "${1:-}"
          cat "$out/$verb.md"
          [ -n "${1:-}" ] || printf '\n---\n%s\n' "$(advice)"
        } >"$out/comment.md"
        [ -z "$request" ] || host_comment "$request" '<!-- rollcall apply ' "$out/comment.md"
        [ -z "${1:-}" ] || echo "$1" >&2
        exit "$status"
      }

      run plan --out "$out/plan.saved"
      [ "$status" -eq 0 ] || conclude
      if has_changes; then
        now=$(review)
        agreed=${REVIEW:-}
        if [ -z "$agreed" ] && [ -n "$request" ]; then agreed=$(host_review "$request"); fi
        if [ "$agreed" != "$now" ]; then
          status=5
          conclude "**Not applied**: this plan is not the one that was reviewed. To agree to it, run the apply job by hand with the review \`$now\`."
        fi
      fi
      run apply "$out/plan.saved"
      conclude

      """##),
    File(
      "ci/drift.sh",
      ##"""
      #!/usr/bin/env bash
      # Every night: looks for drift. While there is some an issue is open, updated in place; when it is gone it is closed.
      # Drift is no failure of the job; that an endpoint cannot be read is.
      set -euo pipefail
      # shellcheck source=SCRIPTDIR/lib.sh
      . "$(dirname "$0")/lib.sh"

      run drift --report "junit=$out/drift.xml"
      if [ "$status" -eq 0 ]; then
        host_close_issue
        exit 0
      fi
      {
        echo '<!-- rollcall drift -->'
        cat "$out/drift.md"
        printf '\n---\n%s\n' "$(advice)"
      } >"$out/issue.md"
      host_issue 'Drift: the endpoints differ from the manifests' '<!-- rollcall drift -->' "$out/issue.md"
      [ "$status" -eq 2 ] || exit "$status"

      """##),
    File(
      "ci/lib.sh",
      ##"""
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

      """##),
    File(
      "ci/plan.sh",
      ##"""
      #!/usr/bin/env bash
      # On a pull or merge request: shows in a comment, updated in place, what the merge would change.
      # Ends with the exit code of `rollcall plan`.
      set -euo pipefail
      # shellcheck source=SCRIPTDIR/lib.sh
      . "$(dirname "$0")/lib.sh"

      run plan
      commit=$(host_head)
      review=none
      promise=
      if [ "$status" -eq 0 ]; then
        review=$(review)
        promise="Commit ${commit:0:8} · review \`${review:0:8}\`: the merge applies exactly this."
      fi

      # The first line is for apply.sh: it applies what was shown for the last commit, and nothing else.
      {
        echo "<!-- rollcall plan commit=$commit review=$review -->"
        cat "$out/plan.md"
        printf '\n---\n%s\n' "$promise$(advice)"
      } >"$out/comment.md"

      host_comment "$(host_request)" '<!-- rollcall plan ' "$out/comment.md"
      exit "$status"

      """##),
  ]
}
