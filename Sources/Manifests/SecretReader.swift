import Reconciliation

/// Reads where a secret is: `{env: NAME}`, `{file: path}`, `{exec: [program, argument]}`, or, warned about,
/// `{literal: …}`. Nothing of a value that stands in the manifest gets into a diagnostic, neither into its text nor
/// into its quoted line.
struct SecretReader {
  let scope: FileScope

  func read(_ node: YAMLNode, what: String) -> SecretReference? {
    guard node.entries != nil else {
      scope.conceal(node)
      scope.report(
        .plainSecret, "\(what) must not be written out in a manifest", at: node.mark,
        hint: "say where it is: {env: NAME}, {file: path} or {exec: [program, argument]}")
      return nil
    }
    guard var fields = Fields(node, scope, what: what) else { return nil }
    concealAll(in: fields.take("literal"))
    let references = [
      fields.string("env").map(SecretReference.environment),
      fields.path("file").map(SecretReference.file),
      fields.strings("exec").map(SecretReference.command),
      literal(&fields, what: what),
    ].compactMap { $0 }
    fields.finish("a reference to a secret")
    return single(references, node, what: what)
  }

  private func concealAll(in node: YAMLNode?) {
    if let node { scope.conceal(node) }
  }

  private func literal(_ fields: inout Fields, what: String) -> SecretReference? {
    guard let node = fields.take("literal"), let text = scope.text(node, what: "`literal`") else { return nil }
    scope.report(
      .literalSecret, "\(what) is written out in this manifest", at: node.mark,
      hint: "this is for samples only; everywhere else use {env: NAME}, {file: path} or {exec: [program, argument]}")
    return .literal(Secret(text))
  }

  private func single(_ references: [SecretReference], _ node: YAMLNode, what: String) -> SecretReference? {
    guard let reference = references.first, references.count == 1, reference != .command([]) else {
      scope.report(
        .invalidSecret, "\(what) needs exactly one of `env`, `file`, `exec` and `literal`", at: node.mark,
        hint: "for example {env: NAME}")
      return nil
    }
    return reference
  }
}
