// Made by .ci/scaffold from samples/ci: change it there.

extension Scaffold {
  /// For GitLab.
  // The lines are those of the samples.
  // swift-format-ignore
  static let gitlab: [File] = [
    File(
      ".gitlab-ci.yml",
      ##"""
      # The plan in a note on the merge request, the apply after the merge, and drift every night.
      default:
        image: registry.example.com/rollcall-ci:0.1.0 # yours, from samples/container
        interruptible: true

      stages: [check, apply, drift]

      variables:
        GIT_DEPTH: 0 # reports name the commit of a change

      .reports:
        artifacts:
          when: always
          expire_in: 30 days
          paths: [rollcall-reports/]

      validate:
        stage: check
        rules:
          - if: $CI_PIPELINE_SOURCE == "merge_request_event"
        script:
          - rollcall validate --report junit=validate.xml
        artifacts:
          when: always
          reports:
            junit: validate.xml

      # Variables with credentials that may read: ROLLCALL_STATE, ROLLCALL_GITLAB_TOKEN, and what the manifests name.
      plan:
        stage: check
        extends: .reports
        rules:
          - if: $CI_PIPELINE_SOURCE == "merge_request_event"
        script:
          - bash ci/plan.sh

      # Applies what was reviewed. A plan that is not the reviewed one any more is shown on the merge request and not applied (exit 5);
      # whoever agrees to it runs a pipeline on the default branch by hand, with the variable REVIEW from the note.
      apply:
        stage: apply
        extends: .reports
        rules:
          - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_PIPELINE_SOURCE =~ /^(push|web)$/
        environment: production # its variables hold credentials that may write; it can be protected by approvals
        resource_group: rollcall
        interruptible: false
        script:
          - bash ci/apply.sh

      # For a pipeline schedule, every night.
      drift:
        stage: drift
        extends: .reports
        rules:
          - if: $CI_PIPELINE_SOURCE == "schedule"
        script:
          - bash ci/drift.sh
        artifacts:
          reports:
            junit: rollcall-reports/drift.xml

      """##),
    File(
      "ci/gitlab.sh",
      ##"""
      # The calls of GitLab's REST API. GitLab CI sets the variables CI_…; ROLLCALL_GITLAB_TOKEN is a project access token with
      # the scope `api`.
      # shellcheck shell=bash disable=SC2016,SC2034 # the variables in single quotes are jq's; lib.sh uses the others

      headers=(--header "PRIVATE-TOKEN: $ROLLCALL_GITLAB_TOKEN")
      # Who writes the notes and the issue: nobody else's are believed or changed.
      api=$CI_API_V4_URL
      bot=$(call GET user | jq -r .username)
      api=$CI_API_V4_URL/projects/$CI_PROJECT_ID

      # note_of REQUEST MARKER: our note that begins with the marker, if there is one.
      note_of() {
        all "merge_requests/$1/notes?sort=asc&" "select(.author.username == \$bot and (.body | startswith(\"$2\")))" | first
      }

      host_request() { echo "$CI_MERGE_REQUEST_IID"; }

      # The last commit of the merge request; in merged results pipelines another one is checked out.
      host_head() { echo "${CI_MERGE_REQUEST_SOURCE_BRANCH_SHA:-$CI_COMMIT_SHA}"; }

      # host_comment REQUEST MARKER FILE: our note with this marker, new or updated in place.
      host_comment() {
        local id
        id=$(note_of "$1" "$2" | jq '.id')
        if [ -n "$id" ]; then
          call PUT "merge_requests/$1/notes/$id" --rawfile body "$3" '{$body}' >/dev/null
        else
          call POST "merge_requests/$1/notes" --rawfile body "$3" '{$body}' >/dev/null
        fi
      }

      # The merge request whose merge made this commit; nothing when it was pushed without one.
      host_merged_request() {
        all "repository/commits/$CI_COMMIT_SHA/merge_requests?" "select(
          .state == \"merged\" and ([.merge_commit_sha, .squash_commit_sha, .sha] | index(\"$CI_COMMIT_SHA\"))) | .iid" | first
      }

      # host_review REQUEST: what was shown for its last commit; nothing when that has no plan.
      host_review() {
        local head
        head=$(call GET "merge_requests/$1" | jq -r '.sha')
        note_of "$1" '<!-- rollcall plan ' | jq -r '.body' \
          | sed -n "1s/^<!-- rollcall plan commit=$head review=\([0-9a-f]\{64\}\) -->\r*\$/\1/p"
      }

      # issue_of MARKER: the number of our open issue that begins with the marker, if there is one.
      issue_of() {
        all 'issues?state=opened&' \
          "select(.author.username == \$bot and (.description // \"\" | startswith(\"$1\"))) | .iid" | first
      }

      # host_issue TITLE MARKER FILE: our open issue with this marker, new or updated in place.
      host_issue() {
        local number
        number=$(issue_of "$2")
        if [ -n "$number" ]; then
          call PUT "issues/$number" --rawfile description "$3" '{$description}' >/dev/null
        else
          call POST issues --arg title "$1" --rawfile description "$3" '{$title, $description}' >/dev/null
        fi
      }

      host_close_issue() {
        local number
        number=$(issue_of '<!-- rollcall drift -->')
        if [ -n "$number" ]; then call PUT "issues/$number" '{state_event: "close"}' >/dev/null; fi
      }

      """##),
  ]
}
