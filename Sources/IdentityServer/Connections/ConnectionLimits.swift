import NIOCore

/// What one client may ask of the server's connections before it is cut off.
package struct ConnectionLimits: Hashable, Sendable {
  /// In bytes; longer headers are refused with 431.
  package var maxHeaderSize = 64 << 10
  /// More header fields are refused with 431.
  package var maxHeaderFields = 100
  /// In bytes; a longer path and query are refused with 414.
  package var maxTargetSize = 8 << 10
  /// The most connections at a time. Others wait in the system's queue until one is closed.
  package var maxConnections = 4096
  /// How long a connection may take to send a request's header, counted from its beginning or from the last answer.
  package var idleTimeout = Duration.seconds(60)
  /// How long a request's body may take from its header to its end.
  package var bodyTimeout = Duration.seconds(60)
  /// How long a client may take to read an answer.
  package var answerTimeout = Duration.seconds(60)

  package init() {}
}
