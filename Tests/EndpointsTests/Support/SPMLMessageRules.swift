import XML

@testable import Endpoints

/// The structure of the messages that our driver sends, as the schemas of SPML 2.0, its DSML v2 profile and SOAP 1.1 have
/// it, written down anew: which element is in which namespace, what may stand in it, and in which order.
indirect enum SPMLMessageRule: Sendable {
  case text
  case structure(attributes: [String: SPMLValue], required: Set<String> = [], [SPMLParticle] = [])

  static let request: [String: SPMLValue] = [
    "requestID": .id, "executionMode": .oneOf(["synchronous", "asynchronous"]),
  ]
  private static let returnData = SPMLValue.oneOf(["identifier", "data", "everything"])

  static let identifier = SPMLMessageRule.structure(
    attributes: ["ID": .any, "targetID": .any], required: ["ID"],
    [
      // Containers nest, as deep as these tests go.
      SPMLParticle(
        .core, "containerID", .structure(attributes: ["ID": .any, "targetID": .any], required: ["ID"]), 0...1)
    ])

  private static let values = SPMLParticle(.dsml, "value", .text, 0...Int.max)
  private static let data = SPMLMessageRule.structure(
    attributes: [:],
    [
      SPMLParticle(.dsml, "attr", .structure(attributes: ["name": .any], required: ["name"], [values]), 1...Int.max)
    ])
  private static let equality = SPMLMessageRule.structure(
    attributes: ["name": .any], required: ["name"], [SPMLParticle(.dsml, "value", .text)])
  private static let filter = SPMLMessageRule.structure(
    attributes: [:],
    [
      SPMLParticle(.dsml, "equalityMatch", equality, 0...1),
      SPMLParticle(
        .dsml, "and", .structure(attributes: [:], [SPMLParticle(.dsml, "equalityMatch", equality, 2...2)]), 0...1),
    ])
  private static let modification = SPMLMessageRule.structure(
    attributes: [:],
    [
      SPMLParticle(
        .dsml, "modification",
        .structure(
          attributes: ["name": .any, "operation": .oneOf(["add", "replace", "delete"])],
          required: ["name", "operation"],
          [values]))
    ])
  private static let iterator = SPMLParticle(.search, "iterator", .structure(attributes: ["ID": .id], required: ["ID"]))

  /// By name: the namespace and the structure of each request.
  static let requests: [String: (namespace: SPMLSchema, rule: SPMLMessageRule)] = [
    "listTargetsRequest": (.core, .structure(attributes: request.with(["profile": .any]))),
    "addRequest": (
      .core,
      .structure(
        attributes: request.with(["targetID": .any, "returnData": returnData]), [SPMLParticle(.core, "data", data)])
    ),
    "modifyRequest": (
      .core,
      .structure(
        attributes: request.with(["returnData": returnData]),
        [
          SPMLParticle(.core, "psoID", identifier), SPMLParticle(.core, "modification", modification, 1...Int.max),
        ])
    ),
    "deleteRequest": (
      .core, .structure(attributes: request.with(["recursive": .any]), [SPMLParticle(.core, "psoID", identifier)])
    ),
    "lookupRequest": (
      .core,
      .structure(attributes: request.with(["returnData": returnData]), [SPMLParticle(.core, "psoID", identifier)])
    ),
    "searchRequest": (
      .search,
      .structure(
        attributes: request.with(["returnData": returnData, "maxSelect": .number]),
        [
          SPMLParticle(
            .search, "query",
            .structure(
              attributes: ["targetID": .any, "scope": .oneOf(["pso", "oneLevel", "subTree"])],
              [
                SPMLParticle(.dsml, "filter", filter)
              ]))
        ])
    ),
    "iterateRequest": (.search, .structure(attributes: request, [iterator])),
    "closeIteratorRequest": (.search, .structure(attributes: request, [iterator])),
    "suspendRequest": (.suspend, .structure(attributes: request, [SPMLParticle(.suspend, "psoID", identifier)])),
    "resumeRequest": (.suspend, .structure(attributes: request, [SPMLParticle(.suspend, "psoID", identifier)])),
    "activeRequest": (.suspend, .structure(attributes: request, [SPMLParticle(.suspend, "psoID", identifier)])),
    "setPasswordRequest": (
      .password,
      .structure(
        attributes: request,
        [
          SPMLParticle(.password, "psoID", identifier), SPMLParticle(.password, "password", .text),
        ])
    ),
    "statusRequest": (
      .async,
      .structure(attributes: request.with(["asyncRequestID": .any, "returnResults": .oneOf(["true", "false"])]))
    ),
  ]
}

/// The namespaces, written down anew.
enum SPMLSchema: String, Sendable {
  case core = "urn:oasis:names:tc:SPML:2:0"
  case search = "urn:oasis:names:tc:SPML:2:0:search"
  case suspend = "urn:oasis:names:tc:SPML:2:0:suspend"
  case password = "urn:oasis:names:tc:SPML:2:0:password"
  case async = "urn:oasis:names:tc:SPML:2:0:async"
  case dsml = "urn:oasis:names:tc:DSML:2:0:core"
}

/// What an attribute may hold.
enum SPMLValue: Sendable {
  case any, id, number
  case oneOf(Set<String>)

  func allows(_ text: String) -> Bool {
    switch self {
    case .any: true
    case .id: text.first.map { $0.isLetter || $0 == "_" } ?? false
    case .number: Int32(text) != nil
    case .oneOf(let words): words.contains(text)
    }
  }
}

/// A child in its place.
struct SPMLParticle: Sendable {
  let namespace: SPMLSchema
  let name: String
  let rule: SPMLMessageRule
  let occurs: ClosedRange<Int>

  init(_ namespace: SPMLSchema, _ name: String, _ rule: SPMLMessageRule, _ occurs: ClosedRange<Int> = 1...1) {
    self.namespace = namespace
    self.name = name
    self.rule = rule
    self.occurs = occurs
  }
}

extension SPMLMessageRule {
  struct Violation: Error, CustomStringConvertible { let description: String }

  /// - Throws: ``Violation`` for a message that is no request, or not one of the schemas.
  static func check(_ request: MessageElement) throws {
    guard let (namespace, rule) = requests[request.name] else {
      throw Violation(description: "what is \(request.name)?")
    }
    guard request.namespace == namespace.rawValue else {
      throw Violation(description: "\(request.name) is in \(request.namespace)")
    }
    try rule.check(request)
  }

  private func check(_ element: MessageElement) throws {
    guard case .structure(let attributes, let required, let particles) = self else {
      guard element.children.isEmpty else { throw Violation(description: "\(element.name) holds elements") }
      return
    }
    for (name, value) in element.attributes where !name.hasPrefix("xmlns") {
      guard attributes[name]?.allows(value) == true else {
        throw Violation(description: "\(element.name) has \(name)=\"\(value)\"")
      }
    }
    for name in required where element.attributes[name] == nil {
      throw Violation(description: "\(element.name) has no \(name)")
    }
    guard element.text.allSatisfy(\.isWhitespace) else { throw Violation(description: "\(element.name) holds text") }
    var rest = element.children[...]
    for particle in particles {
      let taken = rest.prefix { $0.name == particle.name && $0.namespace == particle.namespace.rawValue }
      guard particle.occurs.contains(taken.count) else {
        throw Violation(description: "\(element.name) has \(taken.count) \(particle.name) in their place")
      }
      for child in taken { try particle.rule.check(child) }
      rest = rest.dropFirst(taken.count)
    }
    if let left = rest.first { throw Violation(description: "\(element.name) may not hold \(left.name) there") }
  }
}

extension [String: SPMLValue] {
  fileprivate func with(_ more: Self) -> Self { merging(more) { _, new in new } }
}
