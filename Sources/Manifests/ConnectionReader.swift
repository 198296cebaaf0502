import Foundation
import Reconciliation

/// Reads how an endpoint is reached: address, credentials, whom to trust.
struct ConnectionReader {
  let scope: FileScope

  /// - Parameters:
  ///   - field: the name of the address.
  ///   - example: what one may look like.
  func url(
    _ node: YAMLNode, field: String = "url", example: String = "https://localhost:9443/scim2", allowsPlaintext: Bool
  ) -> String? {
    guard let text = scope.text(node, what: "`\(field)`") else { return nil }
    guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased(),
      ["http", "https"].contains(scheme),
      let host = url.host, !host.isEmpty, url.user == nil, url.password == nil
    else {
      // What stands before an `@` may be a password.
      if text.contains("@") { scope.conceal(node) }
      scope.report(
        .invalidURL, "`\(field)` must be an http or https address with a host and without credentials", at: node.mark,
        hint: "for example \(example)")
      return nil
    }
    if scheme == "http", !Self.isLoopback(host), !allowsPlaintext {
      scope.report(
        .plaintextURL, "credentials would go to \(host) unencrypted", at: node.mark,
        hint: "use https, or set allowPlaintext: true")
    }
    return text
  }

  /// Whether a host is this machine itself (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3).
  static func isLoopback(_ host: String) -> Bool {
    let host = host.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
    let octets = host.split(separator: ".", omittingEmptySubsequences: false)
    return octets.count == 4 && octets.first == "127" && octets.allSatisfy { UInt8($0) != nil }
  }

  func trust(_ node: YAMLNode) -> EndpointDeclaration.Trust? {
    guard var fields = Fields(node, scope, what: "`tls`") else { return nil }
    let choices = [
      fields.path("caFile").map(EndpointDeclaration.Trust.caFile),
      fields.take("pinnedSHA256").flatMap(pin),
      fields.bool("insecureSkipVerify") == true ? .insecureSkipVerify : nil,
    ].compactMap { $0 }
    fields.finish("`tls`")
    if choices.count > 1 {
      scope.report(
        .conflictingFields, "`tls` takes only one of `caFile`, `pinnedSHA256` and `insecureSkipVerify`", at: node.mark)
    }
    if let skip = node["insecureSkipVerify"], choices == [.insecureSkipVerify] {
      scope.report(
        .unverifiedServer,
        "the certificate of this endpoint is not verified: anybody in between can read and change "
          + "everything", at: skip.mark, hint: "use `caFile` or `pinnedSHA256`")
    }
    return choices.first
  }

  private func pin(_ node: YAMLNode) -> EndpointDeclaration.Trust? {
    guard let text = scope.text(node, what: "`pinnedSHA256`") else { return nil }
    let digits = text.filter { $0 != ":" }
    if digits.utf8.count == 64, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) { return .pinned(sha256: text) }
    scope.report(
      .invalidChoice, "`pinnedSHA256` must be 64 hexadecimal digits, with or without colons", at: node.mark,
      hint: "openssl x509 -in cert.pem -noout -fingerprint -sha256 prints them")
    return nil
  }
}
