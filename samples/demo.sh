#!/usr/bin/env bash
# The main job on manifests/: validate, plan, apply to the embedded directory and to a remote SCIM endpoint, an empty
# second plan, a change behind our back, drift that names it, and the repair. Leaves nothing running and nothing behind.
set -euo pipefail
cd "$(dirname "$0")/.."
. samples/tour.sh

export RASHMINI_PASSWORD=correct-horse-battery PARTNER_CLIENT_SECRET=p4rtner SUBSIDIARY_CLIENT_SECRET=subs1diary
export PLAYGROUND_CLIENT_SECRET=pl4yground WIKI_CLIENT_SECRET=w1ki
export LOCAL_STORE="$work/directory.sqlite" ROLLCALL_STATE="$work/state.sqlite"

say "A remote SCIM 2.0 endpoint: a second instance of this program, over HTTPS, which knows our badges"
start_server remote -f manifests/schemas
export REMOTE_URL="$url/scim2" REMOTE_CA="$work/remote/tls-certificate.pem" REMOTE_PASSWORD="$admin_password"

say "The manifests are checked, offline"
run rollcall validate

say "The plan: what would change, and where; nothing is sent but reads"
run rollcall plan | shorten

say "Apply it, to both endpoints"
run rollcall apply --yes | shorten

say "A second plan is empty"
run rollcall plan

say "Somebody changes two people behind our back"
as_admin=(curl --silent --show-error --fail --cacert "$REMOTE_CA" --user "admin:$admin_password")
id() { "${as_admin[@]}" --get --data-urlencode "filter=userName eq \"$1\"" "$REMOTE_URL/Users" | jq -r '.Resources[0].id'; }
run "${as_admin[@]}" --output /dev/null --request PATCH --header 'Content-Type: application/scim+json' --data \
  '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"title","value":"Intern"}]}' \
  "$REMOTE_URL/Users/$(id yuki@corp.example)"
run "${as_admin[@]}" --request DELETE "$REMOTE_URL/Users/$(id felix@corp.example)"

say "Drift names them (and exits 2)"
run rollcall drift || [ $? -eq 2 ]

say "Apply repairs them"
run rollcall apply --yes

say "In sync again"
run rollcall drift
