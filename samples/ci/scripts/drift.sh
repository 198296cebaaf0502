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
