import Foundation
import Reconciliation

/// The address of a Git repository, one that we are ready to talk to, and how we prove who we are there.
package struct GitRemote: Sendable {
  /// Why an address is not taken, in a sentence.
  package struct Refusal: Error, Hashable, CustomStringConvertible {
    package let description: String
  }

  /// What git may speak for this address; nothing that it or the repository names beside it is.
  enum Transport: String {
    case https, http, ssh, file
  }

  /// As it was given; there are no credentials in it.
  package let url: String
  let transport: Transport
  /// What `http.<url>.extraHeader` is set for.
  let origin: String

  /// - Throws: a refusal for credentials in the address, for plaintext to another machine, and for what is neither
  ///   https, ssh nor a path.
  package init(_ url: String) throws(Refusal) {
    self.url = url
    // `ext::` and its like would have git run a helper.
    guard !url.isEmpty, !url.hasPrefix("-"), !url.contains("::") || url.contains("://"),
      !url.contains(where: { $0.isNewline || $0 == "\0" })
    else {
      throw Refusal(description: "\"\(url)\" is no address of a Git repository")
    }
    guard let scheme = Self.scheme(of: url) else {
      origin = url
      transport = Self.isSecureShell(url) ? .ssh : .file
      return
    }
    guard let transport = Transport(rawValue: scheme) else {
      throw Refusal(description: "Git over \(scheme) is not taken: use https://, ssh:// or a path")
    }
    self.transport = transport
    guard transport != .file else {
      origin = url
      return
    }
    guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty else {
      throw Refusal(description: "the address of the Git repository names no host")
    }
    guard parts.password == nil, transport == .ssh || parts.user == nil else {
      throw Refusal(
        description: "the address of the Git repository holds credentials, which would be seen wherever it is: give "
          + "them with --git-credentials env:NAME or file:PATH")
    }
    guard transport != .http || ["localhost", "127.0.0.1", "[::1]", "::1"].contains(host) else {
      throw Refusal(
        description: "http:// would send what is in the repository, and credentials, unencrypted: use https://")
    }
    origin = "\(scheme)://\(host)\(parts.port.map { ":\($0)" } ?? "")/"
  }

  private static func scheme(of url: String) -> String? {
    guard let end = url.range(of: "://") else { return nil }
    return url[..<end.lowerBound].lowercased()
  }

  /// `git@host:path`, as scp writes it: a colon before the first slash.
  private static func isSecureShell(_ text: String) -> Bool {
    guard let colon = text.firstIndex(of: ":") else { return false }
    return !text[..<colon].contains("/")
  }
}

/// How we prove who we are to a Git server.
package struct GitCredentials: Sendable {
  /// `user:password`, or a token alone; for https.
  var secret: SecretReference?
  /// The private key, for ssh.
  var keyFile: String?
  /// The host keys that are known; nil is ssh's own file.
  var knownHosts: String?

  /// - Parameter secret: `user:password`, or a token alone.
  package init(secret: SecretReference? = nil, keyFile: String? = nil, knownHosts: String? = nil) {
    self.secret = secret
    self.keyFile = keyFile
    self.knownHosts = knownHosts
  }

  /// What git is told by its environment, where nobody but us and it can see.
  func environment(
    for remote: GitRemote, _ secrets: SecretResolver
  ) async throws(SecretResolver.Failure) -> [String: String] {
    switch remote.transport {
    case .file: return [:]
    case .ssh: return ["GIT_SSH_COMMAND": shellCommand, "GIT_SSH_VARIANT": "ssh"]
    case .http, .https:
      guard let secret else { return [:] }
      let value = try await secrets.value(of: secret).revealed
      // Servers that want a token take any name with it; GitHub documents this one.
      let pair = value.contains(":") ? value : "x-access-token:\(value)"
      return [
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.\(remote.origin).extraHeader",
        "GIT_CONFIG_VALUE_0": "Authorization: Basic \(Data(pair.utf8).base64EncodedString())",
      ]
    }
  }

  /// Never asks; a host that is not known is refused.
  private var shellCommand: String {
    var words = ["ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=30"]
    if let keyFile { words += ["-i", keyFile, "-o", "IdentitiesOnly=yes"] }
    if let knownHosts { words += ["-o", "UserKnownHostsFile=\(knownHosts)"] }
    // git has a shell take this apart.
    return words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
  }
}
