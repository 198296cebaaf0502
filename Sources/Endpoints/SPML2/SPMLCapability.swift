/// The optional parts of SPML 2.0 that are made use of (sections 3.6 and following).
enum SPMLCapability: String, Hashable, Sendable, CaseIterable {
  case search = "urn:oasis:names:tc:SPML:2:0:search"
  /// Suspend, resume, and ask whether an object is active.
  case suspend = "urn:oasis:names:tc:SPML:2:0:suspend"
  case password = "urn:oasis:names:tc:SPML:2:0:password"
  /// Ask what became of a request that was put off.
  case async = "urn:oasis:names:tc:SPML:2:0:async"
}
