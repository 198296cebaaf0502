import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension EndpointError {
  /// Reads what the HTTP client threw. An attempt that surely never reached the endpoint is `unreachable`; one that may have
  /// is `interrupted` or `timedOut`.
  init(transport error: any Error) {
    switch error {
    case let error as EndpointError: self = error
    case is CancellationError: self.init(.cancelled, "cancelled while waiting for the answer")
    case let error as HTTPClientError: self.init(client: error)
    case let error as NIOConnectionError: self.init(connection: error)
    case let error as IOError: self.init(system: error)
    case let error as ChannelError: self.init(channel: error)
    case let error as NIOSSLError: self.init(tls: error)
    case is NIOSSLExtraError:
      self.init(.misconfigured, "the server's certificate is not for the host in `url`")
    case is NIOTooManyBytesError: self.init(.malformed, "the answer is larger than any SCIM page should be")
    case HTTPParserError.invalidEOFState: self.init(.interrupted, "the connection ended in the middle of the answer")
    case is HTTPParserError: self.init(.malformed, "the answer is not HTTP")
    default: self.init(.interrupted, "the request failed: \(MessageText.oneLine(String(describing: error)))")
    }
  }

  private init(client error: HTTPClientError) {
    switch error {
    case .cancelled: self.init(.cancelled, "cancelled while waiting for the answer")
    case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
      self.init(.unreachable, "no connection in time")
    case .readTimeout, .writeTimeout, .deadlineExceeded: self.init(.timedOut, "no answer in time")
    case .invalidURL, .emptyHost, .emptyScheme: self.init(.misconfigured, "the address cannot be used")
    default: self.init(.interrupted, "the connection ended before the answer: \(error.shortDescription)")
    }
  }

  private init(connection error: NIOConnectionError) {
    let place = "\(error.host):\(error.port)"
    let isUnknown = error.connectionErrors.isEmpty && (error.dnsAError ?? error.dnsAAAAError) != nil
    self.init(.unreachable, isUnknown ? "the name \(error.host) cannot be resolved" : "\(place) does not answer")
  }

  private init(system error: IOError) {
    let neverSent = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ENETDOWN, EADDRNOTAVAIL].contains(error.errnoCode)
    let reason = String(cString: strerror(error.errnoCode)).lowercased()
    self.init(neverSent ? .unreachable : .interrupted, "the connection failed: \(reason)")
  }

  private init(channel error: ChannelError) {
    switch error {
    case .connectTimeout: self.init(.unreachable, "no connection in time")
    default: self.init(.interrupted, "the connection ended before the answer")
    }
  }

  private init(tls error: NIOSSLError) {
    switch error {
    case .uncleanShutdown: self.init(.interrupted, "the connection ended before the answer")
    case .handshakeFailed(let cause) where String(describing: cause).contains("CERTIFICATE_VERIFY_FAILED"):
      self.init(.misconfigured, "the server's certificate is not among those that `tls` trusts")
    default: self.init(.unreachable, "TLS refused: \(MessageText.oneLine(String(describing: error)))")
    }
  }
}
