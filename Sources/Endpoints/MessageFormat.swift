/// The media types of a protocol's messages.
enum MessageFormat: Sendable {
  /// RFC 7644 section 3.1.
  case scim2
  /// SCIM 1.1 protocol, section 3.10: WSO2 Identity Server refuses any other.
  case scim1
  /// Plain JSON, as most interfaces that are no standard have it.
  case json
  /// What token endpoints are asked in and answer with (RFC 6749 sections 4.4.2 and 5.1).
  case form
  /// SOAP 1.1 section 6.1.
  case soap11

  var contentType: String {
    switch self {
    case .scim2: "application/scim+json"
    case .scim1, .json: "application/json"
    case .form: "application/x-www-form-urlencoded"
    case .soap11: "text/xml; charset=utf-8"
    }
  }

  var accept: String {
    switch self {
    case .scim2: "application/scim+json, application/json;q=0.9"
    case .scim1, .json, .form: "application/json"
    case .soap11: "text/xml"
    }
  }

  /// The value of `SOAPAction`, which SOAP 1.1 demands (section 6.1.1): none but the address tells what is meant.
  var soapAction: String? {
    switch self {
    case .scim2, .scim1, .json, .form: nil
    case .soap11: "\"\""
    }
  }
}
