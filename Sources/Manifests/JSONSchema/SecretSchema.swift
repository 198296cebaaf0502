import JSON

/// The forms of references to secrets.
enum SecretSchema {
  /// Where a secret is, in any of the ways that ``SecretReader`` reads; never the secret itself.
  static func reference(_ description: String? = nil) -> JSONValue {
    SchemaForm.any(
      of: [single, sops],
      [
        description,
        "Where the secret is, never the secret itself: {env: NAME}, {file: path}, {exec: [program, …]}, "
          + "{sops: path, key: …} or {vault: {path: …, key: …}}.",
      ]
      .compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " "))
  }

  /// The forms of one field.
  private static var single: JSONValue {
    var form =
      SchemaForm.object([
        ("env", SchemaForm.text("A variable of the environment.")),
        ("file", SchemaForm.text("A file, from the folder of the manifest.")),
        (
          "exec",
          SchemaForm.list(of: SchemaForm.text(), "A program and its arguments; it prints the secret.", atLeast: 1)
        ), ("vault", vault),
        ("literal", SchemaForm.text("The secret itself. For samples only: it is warned about.")),
      ]).object ?? JSONObject()
    form["minProperties"] = 1
    form["maxProperties"] = 1
    return .object(form)
  }

  private static var sops: JSONValue {
    SchemaForm.object(
      [
        ("sops", SchemaForm.text("A file that SOPS encrypted, from the folder of the manifest.")),
        ("key", SchemaForm.text("The keys that lead to the value, separated by dots.")),
      ], required: ["sops", "key"])
  }

  private static var vault: JSONValue {
    SchemaForm.object(
      [
        ("path", SchemaForm.text("As the API of Vault has it.", examples: ["secret/data/people"])),
        ("key", SchemaForm.text("A key of the secret.")),
      ], required: ["path", "key"], description: "A secret of HashiCorp Vault, KV version 2.")
  }
}
