/// The media types of a protocol's messages.
enum MessageFormat: Sendable {
  /// RFC 7644 section 3.1.
  case scim2
  /// SCIM 1.1 protocol, section 3.10: WSO2 Identity Server refuses any other.
  case scim1

  var contentType: String {
    switch self {
    case .scim2: "application/scim+json"
    case .scim1: "application/json"
    }
  }

  var accept: String {
    switch self {
    case .scim2: "application/scim+json, application/json;q=0.9"
    case .scim1: "application/json"
    }
  }
}
