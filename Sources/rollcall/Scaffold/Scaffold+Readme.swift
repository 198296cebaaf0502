extension Scaffold {
  var readme: String {
    """
    # Accounts

    Who has an account, and who belongs to which group: as files, kept true by Rollcall.

    ## First steps

    ```console
    $ rollcall validate          # all faults of all files, offline
    $ rollcall plan              # what would change; reads only
    $ rollcall apply             # shows it, asks, and makes the changes
    $ rollcall drift             # what differs, and whose doing it is
    ```

    ## What is here

    | file | for |
    |---|---|
    | `manifests/` | people, groups, and the endpoints where they live; any folder layout will do |
    | `rollcall.yaml` | options of every run |
    | `manifest.schema.json` | what editors know of manifests; `rollcall schema -o manifest.schema.json` makes it anew |
    | `.pre-commit-config.yaml` | checks before each commit: `pre-commit install` |
    \(forgeRows)
    ## Every day

    - Change a file; `rollcall fmt` brings it into shape, `rollcall plan` shows what it means.
    - Whoever changes something at an endpoint shows up in `rollcall drift`; `rollcall drift --write-back` takes it into the files.
    - A person who leaves: remove the document. The next apply disables the account, and one after 30 days deletes it (`prune` in `rollcall.yaml`).
    - Secrets never stand here: `{env: NAME}`, `{file: path}` or `{exec: [program, argument]}` says where they are.

    """
  }

  private var forgeRows: String {
    switch forge {
    case .github:
      """
      | `.github/workflows/` | a plan on each pull request, an apply on merge, drift every night |
      | `ci/` | what these workflows run |

      The workflows need an image with `rollcall` in it and some secrets of the repository: `ROLLCALL_STATE`, a database that outlives the job
      (`postgresql://…`), and the credentials that `manifests/endpoints.yaml` names.

      """
    case .gitlab:
      """
      | `.gitlab-ci.yml` | a plan on each merge request, an apply on merge, drift every night |
      | `ci/` | what these jobs run |

      The jobs need an image with `rollcall` in it and some variables: `ROLLCALL_STATE`, a database that outlives the job (`postgresql://…`), and the
      credentials that `manifests/endpoints.yaml` names.

      """
    case .none: ""
    }
  }
}
