// Made by .ci/scaffold from samples/ci: change it there.

extension Scaffold {
  /// For GitHub Actions.
  // The lines are those of the samples.
  // swift-format-ignore
  static let github: [File] = [
    File(
      ".github/workflows/rollcall-apply.yml",
      ##"""
      # Applies what was reviewed once it is merged. A plan that is not the reviewed one any more is shown on the pull request and
      # not applied (exit 5); whoever agrees to it runs this by hand with the review that the comment names.
      name: Apply
      on:
        push:
          branches: [main]
        workflow_dispatch:
          inputs:
            review:
              description: The review of the plan to apply, from the comment
              type: string

      permissions: {}
      concurrency:
        group: rollcall-apply
        cancel-in-progress: false

      jobs:
        apply:
          name: Apply
          if: github.ref_name == github.event.repository.default_branch # by hand it can be started elsewhere
          runs-on: ubuntu-latest
          timeout-minutes: 60
          environment: production # its required reviewers approve; its secrets may write
          container:
            image: ghcr.io/example/rollcall-ci:0.1.0 # yours, from samples/container
            options: --user 1001
          permissions:
            contents: read
            pull-requests: write
          steps:
            - uses: actions/checkout@v6
              with:
                persist-credentials: false
                fetch-depth: 0
            - run: bash ci/apply.sh
              env:
                GITHUB_TOKEN: ${{ github.token }}
                REVIEW: ${{ inputs.review }}
                ROLLCALL_STATE: ${{ secrets.ROLLCALL_STATE }}
                REMOTE_PASSWORD: ${{ secrets.REMOTE_PASSWORD }}
            - uses: actions/upload-artifact@v6
              if: ${{ !cancelled() }}
              with:
                name: rollcall-apply
                path: rollcall-reports

      """##),
    File(
      ".github/workflows/rollcall-drift.yml",
      ##"""
      # Looks every night for what differs from the manifests, and keeps an issue open while there is some.
      name: Drift
      on:
        schedule:
          - cron: 17 3 * * *
        workflow_dispatch:

      permissions: {}
      concurrency:
        group: rollcall-drift
        cancel-in-progress: false

      jobs:
        drift:
          name: Drift
          runs-on: ubuntu-latest
          timeout-minutes: 30
          container:
            image: ghcr.io/example/rollcall-ci:0.1.0 # yours, from samples/container
            options: --user 1001
          permissions:
            contents: read
            issues: write
          steps:
            - uses: actions/checkout@v6
              with:
                persist-credentials: false
                fetch-depth: 0
            - run: bash ci/drift.sh
              env:
                GITHUB_TOKEN: ${{ github.token }}
                # Secrets of the repository: credentials that may only read.
                ROLLCALL_STATE: ${{ secrets.ROLLCALL_STATE }}
                REMOTE_PASSWORD: ${{ secrets.REMOTE_PASSWORD }}
            - uses: actions/upload-artifact@v6
              if: ${{ !cancelled() }}
              with:
                name: rollcall-drift
                path: rollcall-reports # drift.html to read, drift.xml (JUnit) for other tools

      """##),
    File(
      ".github/workflows/rollcall-plan.yml",
      ##"""
      # Shows in a comment on the pull request what its merge would change, and marks faults of manifests at their lines.
      name: Plan
      on: pull_request

      permissions: {}
      concurrency:
        group: rollcall-plan-${{ github.event.pull_request.number }}
        cancel-in-progress: true

      jobs:
        validate:
          name: Validate
          runs-on: ubuntu-latest
          timeout-minutes: 10
          container:
            image: ghcr.io/example/rollcall-ci:0.1.0 # yours, from samples/container
            options: --user 1001
          permissions:
            contents: read
            security-events: write
          steps:
            - uses: actions/checkout@v6
              with:
                persist-credentials: false
            - run: rollcall validate --report sarif=rollcall.sarif
            - uses: github/codeql-action/upload-sarif@v4
              if: ${{ !cancelled() && github.event.pull_request.head.repo.full_name == github.repository }}
              with:
                sarif_file: rollcall.sarif
                category: rollcall

        plan:
          name: Plan
          # A pull request from a fork gets no secrets: there is nothing to plan with. Validation runs for it all the same.
          if: github.event.pull_request.head.repo.full_name == github.repository
          runs-on: ubuntu-latest
          timeout-minutes: 30
          container:
            image: ghcr.io/example/rollcall-ci:0.1.0
            options: --user 1001
          permissions:
            contents: read
            pull-requests: write
          steps:
            - uses: actions/checkout@v6
              with:
                persist-credentials: false
                fetch-depth: 0 # reports name the commit of a change
            - run: bash ci/plan.sh
              env:
                GITHUB_TOKEN: ${{ github.token }}
                # Secrets of the repository: credentials that may only read.
                ROLLCALL_STATE: ${{ secrets.ROLLCALL_STATE }}
                REMOTE_PASSWORD: ${{ secrets.REMOTE_PASSWORD }}
            - uses: actions/upload-artifact@v6
              if: ${{ !cancelled() }}
              with:
                name: rollcall-plan
                path: rollcall-reports

      """##),
    File(
      "ci/github.sh",
      ##"""
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

      """##),
  ]
}
