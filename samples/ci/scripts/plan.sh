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
