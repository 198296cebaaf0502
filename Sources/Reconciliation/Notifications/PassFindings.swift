/// What one look at an endpoint, or at the manifests, found that people may want to know.
package struct PassFindings: Hashable, Sendable {
  /// Where something was found.
  package enum Place: Hashable, Sendable, CustomStringConvertible {
    case endpoint(String)
    /// The source of the manifests.
    case manifests

    package var description: String {
      switch self {
      case .endpoint(let name): name
      case .manifests: "manifests"
      }
    }
  }

  package struct Finding: Hashable, Sendable {
    package var event: NotificationDeclaration.Event
    /// What it is about, as it stays from look to look: `User/alice`, `endpoint`.
    package var subject: String
    /// One line, without secrets.
    package var text: String
    /// Whether it is over already: drift that the pass has corrected.
    package var isMomentary: Bool

    package init(
      _ event: NotificationDeclaration.Event, _ subject: String, _ text: String, isMomentary: Bool = false
    ) {
      self.event = event
      self.subject = subject
      self.text = text
      self.isMomentary = isMomentary
    }
  }

  package var place: Place
  package var findings: [Finding]
  /// What this look could judge: of these events, what is not among the findings is over.
  package var judged: Set<NotificationDeclaration.Event>
  /// The controller that looked, where each looks at something of its own; nil where all look at the same, so that what one
  /// of them does not find is over.
  package var observer: String?

  package init(
    _ place: Place, _ findings: [Finding], judged: Set<NotificationDeclaration.Event>, observer: String? = nil
  ) {
    self.place = place
    self.findings = findings
    self.judged = judged
    self.observer = observer
  }
}
