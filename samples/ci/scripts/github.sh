# The calls to GitHub's REST API. GitHub Actions sets GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_EVENT_PATH and GITHUB_SHA;
# the workflow sets GITHUB_TOKEN.
# shellcheck shell=bash disable=SC2016,SC2034 # the variables in single quotes are jq's; lib.sh uses the others

# Who writes the comments and the issue: nobody else's are believed or changed.
bot=${ROLLCALL_BOT:-github-actions[bot]}
api=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY
headers=(
  --header "Authorization: Bearer $GITHUB_TOKEN" --header 'Accept: application/vnd.github+json'
  --header 'X-GitHub-Api-Version: 2022-11-28'
)

# comment_of REQUEST MARKER: our comment that begins with the marker, if there is one.
comment_of() {
  all "issues/$1/comments?" "select(.user.login == \$bot and (.body | startswith(\"$2\")))" | first
}

host_request() { jq -r '.pull_request.number' "$GITHUB_EVENT_PATH"; }

# The last commit of the pull request; what is checked out is its merge with the branch.
host_head() { jq -r '.pull_request.head.sha' "$GITHUB_EVENT_PATH"; }

# host_comment REQUEST MARKER FILE: our comment with this marker, new or updated in place.
host_comment() {
  local id
  id=$(comment_of "$1" "$2" | jq '.id')
  if [ -n "$id" ]; then
    call PATCH "issues/comments/$id" --rawfile body "$3" '{$body}' >/dev/null
  else
    call POST "issues/$1/comments" --rawfile body "$3" '{$body}' >/dev/null
  fi
}

# The pull request whose merge made this commit; nothing when it was pushed without one.
host_merged_request() {
  all "commits/$GITHUB_SHA/pulls?" "select(.merge_commit_sha == \"$GITHUB_SHA\") | .number" | first
}

# host_review REQUEST: what was shown for its last commit; nothing when that has no plan.
host_review() {
  local head
  head=$(call GET "pulls/$1" | jq -r '.head.sha')
  comment_of "$1" '<!-- rollcall plan ' | jq -r '.body' \
    | sed -n "1s/^<!-- rollcall plan commit=$head review=\([0-9a-f]\{64\}\) -->\r*\$/\1/p"
}

# issue_of MARKER: the number of our open issue that begins with the marker, if there is one.
issue_of() {
  all 'issues?state=open&' \
    "select(.pull_request == null and .user.login == \$bot and (.body // \"\" | startswith(\"$1\"))) | .number" | first
}

# host_issue TITLE MARKER FILE: our open issue with this marker, new or updated in place.
host_issue() {
  local number
  number=$(issue_of "$2")
  if [ -n "$number" ]; then
    call PATCH "issues/$number" --rawfile body "$3" '{$body}' >/dev/null
  else
    call POST issues --arg title "$1" --rawfile body "$3" '{$title, $body}' >/dev/null
  fi
}

host_close_issue() {
  local number
  number=$(issue_of '<!-- rollcall drift -->')
  if [ -n "$number" ]; then call PATCH "issues/$number" '{state: "closed", state_reason: "completed"}' >/dev/null; fi
}
