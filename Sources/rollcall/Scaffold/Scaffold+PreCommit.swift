// Made by .ci/scaffold from samples/ci: change it there.

extension Scaffold {
  /// Checks before a commit.
  // The lines are those of the samples.
  // swift-format-ignore
  static let preCommit: [File] = [
    File(
      ".pre-commit-config.yaml",
      ##"""
      # `pre-commit install` once; then manifests are checked before each commit. rollcall has to be in the PATH.
      repos:
        - repo: local
          hooks:
            - id: rollcall-validate
              name: rollcall validate
              entry: rollcall validate
              language: system
              files: ^manifests/.*\.ya?ml$
              pass_filenames: false # a reference may point to any other file
            - id: rollcall-fmt
              name: rollcall fmt
              entry: rollcall fmt --check
              language: system
              files: ^manifests/.*\.ya?ml$
              pass_filenames: false

      """##),
  ]
}
