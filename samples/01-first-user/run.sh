#!/usr/bin/env bash
# The first user: created, looked at, changed and removed, all from one manifest and the embedded directory.
set -euo pipefail
cd "$(dirname "$0")"
. ../tour.sh

cp rashmini.yaml "$work"
cd "$work"
export RASHMINI_PASSWORD=abc123

say "One manifest, one person"
run cat rashmini.yaml

say "Plan, then apply: without an Endpoint manifest the embedded directory is meant"
run rollcall plan
run rollcall apply --yes

say "There she is"
run rollcall get users rashmini -o json

say "Another address: the plan shows the one attribute that changes"
run sed -i 's/rash@gmail.com/rashmini@gmail.com/' rashmini.yaml
run rollcall apply --yes

say "The manifest goes; without --prune nothing happens"
run rm rashmini.yaml
echo 'apiVersion: rollcall/v1
kind: Group
metadata: {name: everyone}
spec: {displayName: Everyone}' >everyone.yaml
run rollcall plan

say "With --prune the account is disabled first, and deleted after its grace of 30 days"
run rollcall apply --prune --yes
run rollcall get users
