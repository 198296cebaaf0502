#!/usr/bin/env bash
# Two identity servers, the first of which provisions to the second: what is made, changed and deleted at IS1 follows at IS2.
set -euo pipefail
cd "$(dirname "$0")"
. ../tour.sh

export ADMIN_PASSWORD=$admin_password
port=${PORT:-9443}

say "IS2, one port further than IS1"
start_server is2 --port "$port" --port-offset 1
export IS2_URL=$url IS2_CERTIFICATE="$work/is2/tls-certificate.pem"
is2=$server

say "IS1"
start_server is1 --port "$port"
export IS1_URL=$url IS1_CERTIFICATE="$work/is1/tls-certificate.pem"

cp ./*.yaml "$work"
cd "$work"
at_is1=(curl --silent --show-error --fail --cacert is1/tls-certificate.pem --user "admin:$admin_password")
at_is2=(curl --silent --show-error --fail --cacert is2/tls-certificate.pem --user "admin:$admin_password")
json=(--header 'Content-Type: application/json')

# there KIND FILTER JQ: waits until what IS2 has by this filter is as the jq expression wants it, and shows it.
there() {
  local found
  for _ in $(seq 600); do
    found=$("${at_is2[@]}" --get --data-urlencode "filter=$2" "$IS2_URL/scim2/$1")
    if jq --exit-status "$3" >/dev/null <<<"$found"; then
      jq --compact-output '.Resources[]? | {userName, displayName, name, emails, active, members} | del(..|nulls)' <<<"$found"
      return
    fi
    sleep 0.1
  done
  echo "error: IS2 is not as it should be: $found" >&2
  exit 1
}
rashmini='userName eq "rashmini"'

say "IS1 is told of IS2, and that all that comes in goes there"
run cat is2.yaml resident.yaml
run rollcall apply --yes

say "A user is made at IS1 …"
user=$("${at_is1[@]}" "${json[@]}" --data '{"schemas":[],"name":{"familyName":"N","givenName":"Rashmini"},"userName":"rashmini",
  "password":"abc123-abc123","emails":[{"primary":true,"value":"rash@gmail.com","type":"home"}]}' "$IS1_URL/scim2/Users" | jq -r .id)
say "… and appears at IS2, password and all"
there Users "$rashmini" '.totalResults == 1'
"${at_is2[@]}" --user rashmini:abc123-abc123 "$IS2_URL/scim2/Me" | jq --compact-output '{userName}'

say "So does a group"
group=$("${at_is1[@]}" "${json[@]}" --data "{\"displayName\":\"engineers\",\"members\":[{\"value\":\"$user\"}]}" "$IS1_URL/scim2/Groups" | jq -r .id)
there Groups 'displayName eq "engineers"' '.Resources[0].members | length == 1'

say "An update follows"
"${at_is1[@]}" "${json[@]}" --request PUT --output /dev/null --data '{"schemas":[],"name":{"familyName":"N","givenName":"Rashmini"},
  "userName":"rashmini","emails":[{"value":"rashmini@gmail.com","type":"home"}]}' "$IS1_URL/scim2/Users/$user"
there Users "$rashmini" '.Resources[0].emails[0].value == "rashmini@gmail.com"'

say "IS2 is stopped. What happens at IS1 meanwhile waits"
stop_server "$is2"
patch='{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}'
"${at_is1[@]}" "${json[@]}" --request PATCH --output /dev/null --data "$patch" "$IS1_URL/scim2/Users/$user"
"${at_is1[@]}" "${json[@]}" --output /dev/null --data '{"userName":"latecomer"}' "$IS1_URL/scim2/Users"
for _ in $(seq 600); do
  rollcall serve queue list --store is1/directory.sqlite | grep --quiet "tried again" && break
  sleep 0.1
done
run rollcall serve queue list --store is1/directory.sqlite

say "IS2 is started again, and catches up: rashmini is disabled, latecomer there"
start_server is2 --port "${IS2_URL##*:}"
there Users 'userName eq "latecomer"' '.totalResults == 1'
there Users "$rashmini" '.Resources[0].active == false'

say "Deletes follow too"
"${at_is1[@]}" --request DELETE "$IS1_URL/scim2/Users/$user"
"${at_is1[@]}" --request DELETE "$IS1_URL/scim2/Groups/$group"
there Users "$rashmini" '.totalResults == 0'
there Groups 'displayName eq "engineers"' '.totalResults == 0'

say "Nothing is left to deliver"
run rollcall serve queue list --store is1/directory.sqlite
