import IdentityServer
import LocalDirectory
import Reports

/// How an entry of the audit reads in a terminal.
enum AuditText {
  /// `2026-11-23T09:30:00.000Z  user:admin  192.0.2.7  update User 4711 (ann): title "Dr" instead of "Mr"`
  static func line(_ entry: AuditEntry) -> String {
    let details = entry.details.joined(separator: ", ")
    switch entry {
    case .change(let change):
      let label = entry.label.map { " (\($0))" } ?? ""
      let what = "\(entry.action) \(change.event.resourceType) \(change.event.id)\(label)"
      return line(entry, details.isEmpty ? what : "\(what): \(details)")
    case .access(let event):
      return line(entry, details.isEmpty ? wording(event.kind) : "\(wording(event.kind)) \(details)")
    }
  }

  private static func line(_ entry: AuditEntry, _ what: String) -> String {
    // Names and values come from whoever wrote them, and must not steer the terminal of who reads them.
    [Timestamp.text(entry.time), entry.author.name, entry.author.address ?? "-", what].joined(separator: "  ")
      .escapingControls()
  }

  private static func wording(_ kind: AccessEvent.Kind) -> String {
    switch kind {
    case .loginRefused: "login refused"
    case .loginThrottled: "login not looked at, too many had failed"
    case .tokenCreated: "token created for"
    case .tokenIssued: "token issued for"
    case .tokenRevoked: "token revoked of"
    case .tokenReused: "token used twice, all of its kin revoked, of"
    case .signedIn: "signed in"
    case .signedOut: "signed out"
    case .consentGiven: "allowed"
    case .federationRefused: "sign-in elsewhere refused:"
    case .accountAssociated: "account associated:"
    case .proxied: "for an application, elsewhere:"
    case .keyMade: "signing key made:"
    }
  }
}
