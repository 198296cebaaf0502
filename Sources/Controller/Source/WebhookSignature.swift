import Crypto
import Foundation
import Reconciliation

/// Whether a call says with a shared secret that a Git server makes it: GitHub and Gitea sign the body with HMAC-SHA-256,
/// GitLab sends the secret itself. Nothing depends on where two values begin to differ.
package struct WebhookSignature: Sendable {
  package enum Verdict: Sendable, Hashable {
    case authentic
    /// There is none of the fields that we look at.
    case unsigned
    case wrong
  }

  private let secret: Secret

  /// - Parameter secret: must not be empty.
  package init(secret: Secret) {
    precondition(!secret.revealed.isEmpty, "A webhook without a secret would let anybody in.")
    self.secret = secret
  }

  /// Judges a call; one signature that is there and wrong is enough to refuse.
  /// - Parameter header: the value of a header field, asked for in lower case.
  package func judge(body: [UInt8], header: (String) -> String?) -> Verdict {
    var verdicts: [Bool] = []
    if let text = header("x-hub-signature-256") {
      verdicts.append(text.hasPrefix("sha256=") && isSigned(body, with: text.dropFirst("sha256=".count)))
    }
    for field in ["x-gitea-signature", "x-forgejo-signature"] {
      if let text = header(field) { verdicts.append(isSigned(body, with: text[...])) }
    }
    if let token = header("x-gitlab-token") { verdicts.append(isSecret(token)) }
    if verdicts.isEmpty { return .unsigned }
    return verdicts.allSatisfy { $0 } ? .authentic : .wrong
  }

  private var key: SymmetricKey { SymmetricKey(data: Array(secret.revealed.utf8)) }

  private func isSigned(_ body: [UInt8], with text: Substring) -> Bool {
    guard let code = Self.bytes(ofHexadecimal: text) else { return false }
    return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key)
  }

  /// Compares codes of both, which takes the same time for every token.
  private func isSecret(_ token: String) -> Bool {
    let expected = HMAC<SHA256>.authenticationCode(for: Array(secret.revealed.utf8), using: key)
    return HMAC<SHA256>.isValidAuthenticationCode(expected, authenticating: Array(token.utf8), using: key)
  }

  private static func bytes(ofHexadecimal text: Substring) -> [UInt8]? {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
