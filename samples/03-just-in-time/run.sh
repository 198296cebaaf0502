#!/usr/bin/env bash
# Somebody with an account at IS2 signs in to an application at IS1, and has an account there from then on.
# `./run.sh` plays the browser itself; `./run.sh browser` waits for yours.
set -euo pipefail
cd "$(dirname "$0")"
. ../tour.sh

case ${1:-} in
  '' | browser) mode=${1:-alone} ;;
  *) echo "usage: $0 [browser]" >&2; exit 64 ;;
esac
export ADMIN_PASSWORD=$admin_password RASHMINI_PASSWORD=abc123-abc123
export IS1_CLIENT_SECRET=is1-$RANDOM$RANDOM$RANDOM PLAYGROUND_CLIENT_SECRET=playground-$RANDOM$RANDOM$RANDOM
port=${PORT:-9443}
playground_port=${PLAYGROUND_PORT:-$([ "$port" = 0 ] && echo 0 || echo 8080)}

say "IS2, one port further than IS1"
start_server is2 --port "$port" --port-offset 1
export IS2_URL=$url IS2_CERTIFICATE="$work/is2/tls-certificate.pem"

say "IS1"
start_server is1 --port "$port"
export IS1_URL=$url IS1_CERTIFICATE="$work/is1/tls-certificate.pem"

say "The playground, an application that signs its users in at IS1"
start_playground --port "$playground_port" --issuer "$IS1_URL" --ca-file "$IS1_CERTIFICATE" \
  --client-secret-env PLAYGROUND_CLIENT_SECRET
start=$url
export PLAYGROUND_URL=${start%/playground2/*}

cp ./*.yaml "$work"
cd "$work"
at_is1=(curl --silent --show-error --fail --cacert is1/tls-certificate.pem --user "admin:$admin_password")

# users: those of IS1, beside its administrator.
users() {
  "${at_is1[@]}" --get --data-urlencode 'filter=userName ne "admin"' "$IS1_URL/scim2/Users" |
    jq --compact-output '.Resources[]? | {id, userName, name, emails}'
}

say "Steps 1 and 2: IS2 has a user, and knows IS1 as an application"
run rollcall apply -f is2.yaml --yes

say "Steps 2 and 3: IS1 knows IS2 as an identity provider with just-in-time provisioning, and the playground"
run rollcall apply -f is1.yaml --yes

say "IS1 has no user beside its administrator"
users

if [ "$mode" = browser ]; then
  say "Step 4 is yours. Open the playground, press Authorize, and sign in at IS2; both certificates are the servers' own"
  echo "  $start"
  echo "  user name rashmini, password $RASHMINI_PASSWORD"
  echo "Then look at IS1's users: curl --insecure --user admin:$admin_password $IS1_URL/scim2/Users"
  echo "Enter, or Ctrl-C, ends the servers and removes everything."
  read -r || true
  exit
fi

# The part of a browser, played by curl: it goes where it is sent, keeps cookies, and fills in forms.
cat is1/tls-certificate.pem is2/tls-certificate.pem >certificates.pem
browse() {
  curl --silent --show-error --location --max-redirs 20 --cacert certificates.pem --cookie cookies --cookie-jar cookies \
    --output page.html --write-out '%{url_effective}' "$@" >address
}

# page: what is to be read on the page.
page() { sed -e '/<head>/,/<\/head>/d' -e 's/<[^>]*>/ /g' page.html | tr -s ' \n' ' '; echo; }

# fill ACTION [NAME=VALUE ...]: sends the form of the page that goes to this path, with the fields that it hides.
fill() {
  local action=$1 base fields=() field
  shift
  base=$(sed -E 's,^(https?://[^/]+).*,\1,' address)
  while IFS= read -r field; do fields+=(--data-urlencode "$field"); done < <(
    sed -n "\\,action=\"$action\",,\\,</form>,p" page.html |
      sed -nE 's/.*<input type="hidden" name="([^"]*)" value="([^"]*)".*/\1=\2/p')
  for field in "$@"; do fields+=(--data-urlencode "$field"); done
  [ "${#fields[@]}" -gt 0 ] || fields=(--data '')
  browse "${fields[@]}" --header "Origin: $base" "$base$action"
}

# sign_in: from the playground to whatever page is shown at the end of the way.
sign_in() {
  browse "$start"
  fill /playground2/oauth2-authorize-user.jsp consumerKey=playground2
}

signed_in() { grep 'id="loggedUser">rashmini<' page.html >/dev/null || fail "rashmini is not signed in: $(page)"; }

fail() {
  echo "error: $*" >&2
  exit 1
}

say "Step 4: the playground sends the browser to IS1, and IS1 on to IS2, where rashmini signs in"
sign_in
page
[[ $(cat address) == "$IS2_URL/login"* ]] || fail "this is not the sign-in page of IS2: $(cat address)"
fill /login username=rashmini password="$RASHMINI_PASSWORD"

say "Back at IS1, she is asked whether the playground may know who she is"
page
fill /oauth2/consent decision=allow

say "The playground knows her"
signed_in
sed -nE 's,.*<th scope="row">(iss|sub|name|email)</th><td>([^<]*)</td>.*,  \1: \2,p' page.html | head -4

say "IS1 has a user more"
users
[ "$(users | wc -l)" = 1 ] || fail "IS1 should have one user"

say "She comes again, with another browser: it is the same account"
rm cookies
before=$(users | jq -r .id)
sign_in
fill /login username=rashmini password="$RASHMINI_PASSWORD"
signed_in
users
[ "$(users | jq -r .id)" = "$before" ] || fail "this is another account"

say "Signing out of the playground signs her out of IS1"
fill /playground2/logout
page
grep --quiet 'Here and at the provider' page.html || fail "she is not signed out"
