import JSON

/// Who stands behind a change, as far as whoever starts the run says.
package struct Endorsement: Hashable, Sendable {
  /// Somebody who wrote a part of the change.
  package struct Author: Hashable, Sendable {
    /// As the run was told: an e-mail address, a name.
    package var name: String
    /// The user that this is; nil when the manifests know nobody of that name.
    package var key: ResourceKey?

    package init(_ name: String, _ key: ResourceKey?) {
      self.name = name
      self.key = key
    }
  }

  /// nil: nobody said.
  package var approvals: Int?
  package var authors: [Author]

  package init(approvals: Int? = nil, authors: [Author] = []) {
    self.approvals = approvals
    self.authors = authors
  }
}

extension DesiredState {
  /// The user whom a name means: that of the document, a userName or an e-mail address, whatever their case. nil when there is
  /// none, or more than one.
  package func user(called name: String) -> ResourceKey? {
    let name = name.lowercased()
    let matches = resources.filter { resource in
      guard resource.key.kind == "User" else { return false }
      let emails = (resource.attributes["emails"]?.array ?? []).compactMap { $0["value"]?.string }
      return ([resource.key.name, resource.attributes["userName"]?.string ?? ""] + emails)
        .contains { $0.lowercased() == name }
    }
    return matches.count == 1 ? matches[0].key : nil
  }
}
