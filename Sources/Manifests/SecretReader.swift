import Reconciliation

/// Reads where a secret is: `{env: NAME}`, `{file: path}`, `{exec: [program, argument]}`, `{sops: path, key: a.b}`,
/// `{vault: {path: mount/data/name, key: a}}`, or, warned about, `{literal: …}`. Nothing of a value that stands in the manifest gets into a diagnostic, neither into its text nor
/// into its quoted line.
struct SecretReader {
  private static let ways = ["env", "file", "exec", "sops", "vault", "literal"]

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
    refuseBlank("env", "NAME", &fields)
    refuseBlank("file", "path", &fields)
    let references = [
      fields.string("env").map(SecretReference.environment),
      fields.path("file").map(SecretReference.file),
      fields.strings("exec").map(SecretReference.command),
      sops(&fields, what: what),
      vault(&fields, what: what),
      literal(&fields, what: what),
    ].compactMap { $0 }
    fields.finish("a reference to a secret")
    let ways = Self.ways.count { fields.entry($0) != nil }
    return single(references, of: ways, node, what: what)
  }

  private func concealAll(in node: YAMLNode?) {
    if let node { scope.conceal(node) }
  }

  /// Nothing has no name: a reference to it is a slip, which only the run would find.
  private func refuseBlank(_ way: String, _ example: String, _ fields: inout Fields) {
    guard let node = fields.take(way), node.text?.allSatisfy(\.isWhitespace) == true else { return }
    scope.report(.invalidSecret, "`\(way)` is blank", at: node.mark, hint: "for example {\(way): \(example)}")
  }

  private func literal(_ fields: inout Fields, what: String) -> SecretReference? {
    guard let node = fields.take("literal"), let text = scope.text(node, what: "`literal`") else { return nil }
    scope.report(
      .literalSecret, "\(what) is written out in this manifest", at: node.mark,
      hint: "this is for samples only; everywhere else use {env: NAME}, {file: path} or {exec: [program, argument]}")
    return .literal(Secret(text))
  }

  private func sops(_ fields: inout Fields, what: String) -> SecretReference? {
    let key = fields.string("key")
    guard let node = fields.take("sops"), let file = scope.text(node, what: "`sops`") else { return nil }
    guard let key, !key.split(separator: ".", omittingEmptySubsequences: false).contains("") else {
      scope.report(
        .invalidSecret, "`sops` needs the `key` of the value in the file", at: node.mark,
        hint: "for example {sops: secrets.yaml, key: people.password}")
      return nil
    }
    return .sops(file: scope.part.path(of: file, at: node.mark), key: key)
  }

  private func vault(_ fields: inout Fields, what: String) -> SecretReference? {
    guard let node = fields.take("vault"), var vault = Fields(node, scope, what: "`vault`") else { return nil }
    let path = vault.require("path", of: "`vault`").flatMap { scope.text($0, what: "`path`") }
    let key = vault.require("key", of: "`vault`").flatMap { scope.text($0, what: "`key`") }
    vault.finish("`vault`")
    guard let path, let key else { return nil }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts.dropFirst().contains("data"),
      !parts.contains(where: { ["", ".", ".."].contains($0) })
    else {
      scope.report(
        .invalidSecret, "`\(path)` is no path of a KV version 2 engine", at: node.mark,
        hint: "write it as the API does: secret/data/people")
      return nil
    }
    return .vault(path: path, key: key)
  }

  /// - Parameter ways: how many stand there, those that were faulty and told included.
  private func single(
    _ references: [SecretReference], of ways: Int, _ node: YAMLNode, what: String
  ) -> SecretReference? {
    guard ways == 1, references != [.command([])] else {
      scope.report(
        .invalidSecret, "\(what) needs exactly one of \(Self.ways.quoted(and: "and"))", at: node.mark,
        hint: "for example {env: NAME}")
      return nil
    }
    return references.first
  }
}
