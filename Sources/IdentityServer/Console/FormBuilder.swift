import OpenID
import Reports
import SCIM

/// Makes forms out of schemas: what an attribute is says what its control is.
struct FormBuilder {
  private let type: ResourceType
  private let catalog: SchemaCatalog
  /// Whether the resource is yet to be made: what is immutable can be said then.
  private let isCreation: Bool

  init(_ type: ResourceType, _ catalog: SchemaCatalog, isCreation: Bool) {
    self.type = type
    self.catalog = catalog
    self.isCreation = isCreation
  }

  func sections(_ layout: FormLayout) -> [FormSection] {
    let core = catalog.schema(type.schema)?.attributes ?? []
    let own: [FormSection]
    switch layout {
    case .listed(let sections): own = sections.map(listed)
    case .wholeSchema:
      let plain = core.filter { $0.type != .complex }.flatMap { elements($0, at: [$0.name]) }
      own =
        [FormSection("General", plain)]
        + core.filter { $0.type == .complex }.flatMap { section($0, at: [$0.name]) }
    }
    return (own + extensions).filter { !$0.elements.isEmpty }
  }

  private var extensions: [FormSection] {
    type.extensions.compactMap { catalog.schema($0.schema) }.map { schema in
      FormSection(
        AttributeLabel.text(schema.name), schema.attributes.flatMap { elements($0, at: [schema.id, $0.name]) })
    }
  }

  private func listed(_ section: FormLayout.Section) -> FormSection {
    FormSection(
      section.legend,
      section.paths.flatMap { text -> [FormElement] in
        let path = text.split(separator: ".").map(String.init)
        return attribute(at: path).map { elements($0, at: path, parts: section.parts, isTerse: true) } ?? []
      })
  }

  private func attribute(at path: [String]) -> Attribute? {
    guard let first = path.first else { return nil }
    let whole = catalog.schema(type.schema)?.attribute(first) ?? Schema.common.attribute(first)
    return path.dropFirst().reduce(whole) { $0?.subAttribute($1) }
  }

  /// A complex attribute with what is in it; what is complex in there stands by itself.
  private func section(_ attribute: Attribute, at path: [String]) -> [FormSection] {
    let legend = AttributeLabel.text(attribute.name)
    guard !attribute.isMultiValued else { return [FormSection(legend, elements(attribute, at: path))] }
    let isApart = { (part: Attribute) in part.type == .complex && !part.isMultiValued }
    let own = attribute.subAttributes.filter { !isApart($0) }.flatMap { elements($0, at: path + [$0.name]) }
    return [FormSection(legend, own)]
      + attribute.subAttributes.filter(isApart).flatMap { section($0, at: path + [$0.name]) }
  }

  // MARK: Elements

  /// - Parameters:
  ///   - parts: of values in rows, what is asked for; empty: everything.
  ///   - isTerse: whether the label says enough.
  private func elements(
    _ attribute: Attribute, at path: [String], parts: [String] = [], isTerse: Bool = false
  ) -> [FormElement] {
    guard isWritable(attribute) else { return [] }
    guard attribute.type == .complex, attribute.isMultiValued else {
      return fields(attribute, at: path, isTerse: isTerse).map(FormElement.field)
    }
    let asked = attribute.subAttributes.filter { parts.isEmpty || parts.contains($0.name) }
    let rows = FormRows(
      path: path, label: AttributeLabel.singular(attribute.name),
      fields: asked.flatMap { part in
        // The value of an e-mail address is the e-mail address.
        let label = part.name == "value" ? AttributeLabel.singular(attribute.name) : nil
        return fields(part, at: [part.name], label: label, isTerse: isTerse)
      },
      key: ["value", "name", "clientId", "type"].first { attribute.subAttribute($0) != nil })
    return rows.fields.isEmpty ? [] : [.rows(rows)]
  }

  /// One control, or those of the parts of a complex attribute.
  private func fields(
    _ attribute: Attribute, at path: [String], under prefix: String = "", label: String? = nil, isTerse: Bool
  ) -> [FormField] {
    guard isWritable(attribute), attribute.name != "$ref" else { return [] }
    let label = prefix + (label ?? AttributeLabel.text(attribute.name))
    guard attribute.type == .complex else {
      return [
        FormField(
          path: path, label: label, help: isTerse || attribute.description.isEmpty ? nil : attribute.description,
          control: control(attribute, at: path), isRequired: attribute.isRequired, type: attribute.type)
      ]
    }
    guard !attribute.isMultiValued else { return [] }
    return attribute.subAttributes.flatMap {
      // The value of a reference is the id of what it leads to.
      $0.name == "value"
        ? fields($0, at: path + [$0.name], label: label + " (ID)", isTerse: isTerse)
        : fields($0, at: path + [$0.name], under: label + ": ", isTerse: isTerse)
    }
  }

  private func isWritable(_ attribute: Attribute) -> Bool {
    switch attribute.mutability {
    case .readOnly: false
    case .immutable: isCreation
    case .readWrite, .writeOnly: true
    }
  }

  private func control(_ attribute: Attribute, at path: [String]) -> FormField.Control {
    if attribute.mutability == .writeOnly { return .secret }
    // Accounts, providers and connectors work unless it is said that they do not; what is done beside that does not.
    if attribute.type == .boolean { return .flag(unset: path == ["active"] || path == ["enabled"]) }
    // Of the grants that applications elsewhere may have, the token endpoint here gives no tokens for a password.
    let isGrants = path == ["inbound", "openidconnect", "grantTypes"]
    let words = attribute.canonicalValues.filter { !isGrants || $0 != GrantType.password.rawValue }
    if attribute.isMultiValued {
      return words.isEmpty ? .lines : .boxes(words.map { FormField.Option(value: $0, label: $0) })
    }
    return words.isEmpty ? .text : .choice(words)
  }
}

/// What people call attributes.
enum AttributeLabel {
  /// `Given name` of `givenName`.
  static func text(_ name: String) -> String {
    if let special = special[name] { return special }
    let words = name.reduce(into: [""]) { words, character in
      if character.isUppercase { words.append("") }
      words[words.count - 1] += character.lowercased()
    }
    let text = words.filter { !$0.isEmpty }.map { $0 == "id" ? "ID" : $0 }.joined(separator: " ")
    return text.sentenceCased
  }

  /// In the middle of a text: `given name`, but `OpenID Connect`.
  static func within(_ name: String) -> String {
    let text = text(name)
    let isProper = text.prefix { $0 != " " }.dropFirst().contains(where: \.isUppercase)
    return isProper ? text : text.prefix(1).lowercased() + text.dropFirst()
  }

  /// Of one value: `Phone number` of `phoneNumbers`.
  static func singular(_ name: String) -> String {
    let text = text(name)
    return text.hasSuffix("s") ? String(text.dropLast()) : text
  }

  /// Of what a path leads to: `Given name` of `name.givenName`, `E-mail` of the value of one.
  static func text(of path: AttributePath) -> String {
    guard let part = path.subAttribute, part != "value" else { return singular(path.attribute) }
    return text(part)
  }

  private static let special = [
    "openidconnect": "OpenID Connect", "emails": "E-mails", "justInTimeProvisioning": "Just-in-time provisioning",
    "redirectURIs": "Redirect URIs", "postLogoutRedirectURIs": "Post-logout redirect URIs", "jwksURI": "JWKS URI",
    "callbackURL": "Callback URL", "caFile": "CA file", "pinnedSHA256": "Pinned SHA-256", "pkce": "PKCE", "tls": "TLS",
    "idTokenAlgorithm": "ID token algorithm", "profileUrl": "Profile URL", "userInfoEndpoint": "UserInfo endpoint",
    "x509Certificates": "X.509 certificates", "ims": "Instant messaging",
  ]
}
