import XML

/// The codes of a failure (SPML 2.0 section 3.1.2.3), in the words that people are told.
enum SPMLErrorCode: String, CaseIterable {
  case malformedRequest, unsupportedOperation, unsupportedIdentifierType, noSuchIdentifier, customError
  case unsupportedExecutionMode, invalidContainment, noSuchRequest, unsupportedSelectionType, resultSetToLarge
  case unsupportedProfile, invalidIdentifier, alreadyExists, containerNotEmpty

  /// What the spelling of the schema gets wrong, and some providers right.
  init?(reading text: String) {
    guard let code = Self(rawValue: text == "resultSetTooLarge" ? "resultSetToLarge" : text) else { return nil }
    self = code
  }

  var kind: EndpointError.Kind {
    switch self {
    case .noSuchIdentifier: .notFound
    case .alreadyExists: .conflict
    case .resultSetToLarge: .tooLarge
    case .unsupportedProfile: .misconfigured
    case .malformedRequest, .unsupportedOperation, .unsupportedIdentifierType, .customError, .unsupportedExecutionMode,
      .invalidContainment, .noSuchRequest, .unsupportedSelectionType, .invalidIdentifier, .containerNotEmpty:
      .rejected
    }
  }
}

extension EndpointError {
  /// Reads a response whose status is `failure`.
  /// - Parameter secrets: what its words must not repeat; they are looked for before anything is shortened.
  init(spml response: MessageElement, status: Int, secrets: [String]) {
    let code = response.attribute("error")
    let texts = response.children.filter { $0.name == "errorMessage" }.map(\.text).filter { !$0.isEmpty }
    let words = [code ?? "failure"] + (texts.isEmpty ? [] : [texts.joined(separator: "; ")])
    self.init(
      code.flatMap(SPMLErrorCode.init(reading:))?.kind ?? .rejected, status: status,
      MessageText.oneLine(MessageText.redact(secrets, in: words.joined(separator: ": "))))
  }

  /// Reads a fault (SOAP 1.1 section 4.4): only one that is the server's may pass with time.
  /// - Parameter secrets: what its words must not repeat.
  init(fault: MessageElement, in answer: EndpointResponse, secrets: [String]) {
    let code = fault["faultcode"]?.text ?? ""
    let isOfServer = code.split(separator: ":").last?.hasPrefix("Server") ?? false
    let text = fault["faultstring"]?.text ?? ""
    let words = "the provider answers with a fault: \(text.isEmpty ? code : text)"
    self.init(
      isOfServer ? .unavailable(retryAfter: RetryAfter.parse(answer.headers)) : .rejected, status: answer.status,
      MessageText.oneLine(MessageText.redact(secrets, in: words)))
  }
}
