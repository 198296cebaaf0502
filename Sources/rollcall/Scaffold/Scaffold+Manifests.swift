extension Scaffold {
  /// Tells editors what may be written.
  private static let modeline = "# yaml-language-server: $schema=../manifest.schema.json\n"

  static let people =
    modeline + """
      # Who has an account. `metadata.name` is the key in Git; userName may change, and is a rename then.
      apiVersion: rollcall/v1
      kind: User
      metadata:
        name: alice
        labels: {team: platform}
      spec:
        userName: alice
        name: {givenName: Alice, familyName: Example}
        emails:
          - {value: alice@example.com, type: work, primary: true}
        active: true
        # Set once, at creation; never written here, only where it is:
        # password: {env: ALICE_PASSWORD}

      """

  static let groups =
    modeline + """
      # Who belongs where: exactly these, or everybody with a label.
      apiVersion: rollcall/v1
      kind: Group
      metadata: {name: administrators}
      spec:
        displayName: Administrators
        members: [alice]
      ---
      apiVersion: rollcall/v1
      kind: Group
      metadata: {name: platform}
      spec:
        displayName: Platform
        members:
          selector: {matchLabels: {team: platform}}

      """

  static let endpoints =
    modeline + """
      # Where the accounts live. This one is the embedded directory, so that everything can be tried without a server.
      apiVersion: rollcall/v1
      kind: Endpoint
      metadata: {name: local}
      spec:
        type: embedded
        store: .rollcall/directory.sqlite
      # The next one may be a SCIM 2.0 server:
      # ---
      # apiVersion: rollcall/v1
      # kind: Endpoint
      # metadata: {name: remote}
      # spec:
      #   type: scim2
      #   url: https://scim.example.com/scim2
      #   auth:
      #     basic: {username: admin, password: {env: REMOTE_PASSWORD}}
      #   safety: {maxDeletes: 5%, protect: [userName eq "breakglass"]}

      """

  static let settings = """
    # Options of every run: each is a long option of the command line, which comes first, as ROLLCALL_<OPTION> in the environment does.
    state: .rollcall/state.sqlite  # what is ours, and what was done; CI needs one that outlives the job: postgresql://…
    prune: true                    # who is in no manifest any more is disabled, and deleted 30 days later; with -f, say --prune

    """

  static let ignored = """
    # State and databases of this machine
    .rollcall/
    *.sqlite
    *.sqlite-*
    # Secrets
    secrets/
    .env
    *.pem
    *.key
    # Reports
    rollcall-reports/
    *.plan

    """
}
