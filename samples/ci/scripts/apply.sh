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
