import JSON
import Reconciliation
import SCIM

/// Reads the `spec` of everything that is a resource.
struct SpecReader {
  enum SecretPolicy: String, CaseIterable { case rotate }

  private let rules: RuleBook
  private let scope: FileScope
  private var walker: AttributeWalker
  private var members: [JSONObject.Member] = []
  private var membersDraft: MembersDraft?
  private var lifecycle = Lifecycle()
  private var previously: [String] = []
  private var rotatesSecrets = false
  private var naming: UniqueValue?
  private var externalId: UniqueValue?

  init(rules: RuleBook, scope: FileScope) {
    self.rules = rules
    self.scope = scope
    walker = AttributeWalker(scope: scope)
  }

  /// nil, and a fault, when the spec is of no use at all.
  consuming func read(
    _ spec: YAMLNode, _ kind: ManifestKind, _ metadata: DocumentReader.Metadata, location: SourceLocation
  ) -> ResourceDraft? {
    guard let entries = spec.entries else {
      scope.report(.wrongShape, "`spec` must be a mapping", at: spec.mark)
      return nil
    }
    var resourceType = kind.rawValue
    if kind == .resource {
      guard let type = readOther(spec) else { return nil }
      resourceType = type
    } else if let rules = rules.spec(of: resourceType) {
      if rules.hasManifestName { members.append(JSONObject.Member(key: "name", value: .string(metadata.name))) }
      read(entries, rules, resourceType, of: kind == .user ? "userName" : "displayName")
      if kind == .serviceProvider || kind == .identityProvider {
        walker.referToProviders(in: spec)
        scope.checkProvider(kind, named: metadata.name, spec)
      }
      reportMissing(rules, spec)
    }
    return draft(ResourceKey(resourceType, metadata.name), metadata, location)
  }

  private func draft(
    _ key: ResourceKey, _ metadata: DocumentReader.Metadata, _ location: SourceLocation
  ) -> ResourceDraft {
    let secrets = Dictionary(walker.secrets.map { ($0.path, $0.reference) }, uniquingKeysWith: { first, _ in first })
    var resource = DesiredResource(
      key: key, labels: metadata.labels, attributes: JSONObject(uniqueMembers: members), secrets: secrets,
      rotatesSecrets: rotatesSecrets, lifecycle: lifecycle, previously: previously, location: location)
    resource.drift = metadata.drift
    for secret in walker.secrets { resource.secretLocations[secret.path] = scope.location(secret.mark) }
    return ResourceDraft(
      resource: resource,
      part: scope.part, nameMark: metadata.nameMark, naming: naming, externalId: externalId,
      references: walker.references, members: membersDraft)
  }

  private mutating func read(
    _ entries: [YAMLEntry], _ rules: SpecRules, _ type: String, of namingAttribute: String
  ) {
    members.reserveCapacity(entries.count)
    for entry in entries {
      switch rules.entries[entry.key] {
      case .attribute(let rule):
        let value = walker.value(entry, rule)
        if rule.name == namingAttribute { readNaming(value, entry) }
        if rule.name == "externalId" { externalId = UniqueValue(text: value?.string, mark: entry.value.mark) }
        if let value { members.append(JSONObject.Member(key: rule.name, value: value)) }
      case .field(let field): read(field, entry, type)
      case .membership:
        scope.report(
          .unknownAttribute, "who belongs here is not written as `\(entry.key)`", at: entry.keyMark,
          hint: "write `members`")
      case .manifestName:
        scope.report(
          .readOnlyAttribute, "`name` is that of the document", at: entry.keyMark, hint: "write it as metadata.name")
      case nil:
        walker.reportUnknown(entry, among: rules.names, of: "this kind") {
          if case .attribute(let rule)? = rules.entries[$0] { rule } else { nil }
        }
      }
    }
  }

  private mutating func readNaming(_ value: JSONValue?, _ entry: YAMLEntry) {
    naming = UniqueValue(text: value?.string, mark: entry.value.mark)
    guard entry.key == "userName", let name = value?.string, let objection = UserName.objection(to: name) else {
      return
    }
    scope.report(.invalidName, "`userName` \(objection)", at: entry.value.mark)
  }

  private mutating func read(_ field: SpecRules.Field, _ entry: YAMLEntry, _ type: String) {
    let node = entry.value
    if field == .members { return membersDraft = MembersReader(scope: scope).read(node) }
    guard !node.isNull else { return }
    switch field {
    case .members: break
    case .enterprise: readExtension(SchemaURN.enterpriseUser, entry, type)
    case .extensions: readExtensions(node, type)
    case .lifecycle: lifecycle = scope.lifecycle(node)
    case .previously: previously = scope.names(node)
    case .passwordPolicy: rotatesSecrets = scope.choice(node, SecretPolicy.self, what: "`passwordPolicy`") == .rotate
    }
  }

  private mutating func readExtensions(_ node: YAMLNode, _ type: String) {
    guard let entries = node.entries else {
      return scope.report(.wrongShape, "`extensions` must be a mapping of schema URNs", at: node.mark)
    }
    for entry in entries { readExtension(entry.key, entry, type) }
  }

  /// One extension, by its schema when the catalog knows it and as it stands when not.
  private mutating func readExtension(_ urn: String, _ entry: YAMLEntry, _ type: String) {
    let known = rules.extensionRules(urn)
    let urn = known?.urn ?? urn
    guard !members.contains(where: { $0.key == urn }) else {
      return scope.report(
        .conflictingFields, "the attributes of \(urn) are written in two places", at: entry.keyMark,
        hint: "`enterprise` is short for that URN below `extensions`: keep one of them")
    }
    guard let known else { return members.append(JSONObject.Member(key: urn, value: entry.value.untyped)) }
    guard known.resourceTypes.contains(type) else {
      return scope.report(
        .unknownAttribute, "\(urn) is no extension of \(type)", at: entry.keyMark,
        hint: known.resourceTypes.isEmpty ? nil : "it extends \(known.resourceTypes.quoted(and: "and"))")
    }
    guard let entries = entry.value.entries else {
      return scope.report(.wrongShape, "`\(entry.key)` must be a mapping of attributes", at: entry.value.mark)
    }
    let before = walker.secrets.count
    let object = walker.object(entries, known.parts, of: "`\(entry.key)`")
    if walker.secrets.count > before { walker.prefixSecrets(from: before, with: urn + ":") }
    members.append(JSONObject.Member(key: urn, value: .object(object)))
    for part in known.requiredParts where entry.value[part]?.isNull ?? true {
      scope.report(.missingAttribute, "`\(entry.key)` needs `\(part)`", at: entry.value.mark)
    }
  }

  private func reportMissing(_ rules: SpecRules, _ spec: YAMLNode) {
    for rule in rules.required {
      let value = members.first { $0.key == rule.name }?.value ?? .null
      let isBlank = value.string?.allSatisfy(\.isWhitespace) == true
      // Nearly every document has what it needs, and is not searched again.
      guard isBlank || value.isNull else { continue }
      let node = spec[rule.name]
      // A value that was refused has its own diagnostic.
      guard isBlank || node?.isNull ?? true else { continue }
      let fault = isBlank ? "is required, and is blank" : "is required"
      scope.report(.missingAttribute, "`\(rule.name)` \(fault)", at: node?.mark ?? spec.mark)
    }
    for urn in rules.requiredExtensions where !members.contains(where: { $0.key == urn && !$0.value.isNull }) {
      let node = spec["extensions"]
      // One that was refused has its own diagnostic.
      if node?.entries?.contains(where: { $0.key.lowercased() == urn.lowercased() && !$0.value.isNull }) == true {
        continue
      }
      scope.report(
        .missingAttribute, "the extension \(urn) is required", at: node?.mark ?? spec.mark,
        hint: "write its attributes below `extensions`")
    }
  }
}

extension SpecReader {
  /// Reads `kind: Resource`: a resource type by name and its attributes, typed as far as the catalog knows the type.
  private mutating func readOther(_ spec: YAMLNode) -> String? {
    guard var fields = Fields(spec, scope, what: "`spec`") else { return nil }
    let type = fields.require("resourceType", of: "`spec`")
    let attributes = fields.require("attributes", of: "`spec`")
    if let node = fields.take("lifecycle") { lifecycle = scope.lifecycle(node) }
    if let node = fields.take("previously") { previously = scope.names(node) }
    rotatesSecrets = fields.choice("passwordPolicy", SecretPolicy.self) == .rotate
    fields.finish("`spec`")
    guard let type, let name = scope.text(type, what: "`resourceType`"), let attributes else { return nil }
    if ManifestKind(rawValue: name) != nil {
      scope.report(
        .invalidChoice, "`\(name)` has a kind of its own", at: type.mark, hint: "write kind: \(name) and its own fields"
      )
      return nil
    }
    guard let entries = attributes.entries else {
      scope.report(.wrongShape, "`attributes` must be a mapping", at: attributes.mark)
      return nil
    }
    if let rules = rules.spec(of: name) {
      read(entries, rules, name, of: "displayName")
      reportMissing(rules, attributes)
    } else {
      scope.concealSuspects(in: attributes)
      members = attributes.untyped.object?.members ?? []
      externalId = attributes["externalId"].map { UniqueValue(text: $0.untyped.string, mark: $0.mark) }
    }
    return name
  }
}

extension FileScope {
  fileprivate func names(_ node: YAMLNode) -> [String] {
    items(node, what: "`previously`")?.compactMap { text($0, what: "an earlier name") } ?? []
  }
}
