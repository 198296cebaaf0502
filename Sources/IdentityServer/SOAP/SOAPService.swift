import HTTPTypes
import Hummingbird
import HummingbirdCore
import LocalDirectory
import NIOCore
import NIOHTTP1
import SCIM
import XML

/// WSO2's SOAP service for user stores, `RemoteUserStoreManagerService`, over the directory.
struct SOAPService: WebService {
  static let name = "RemoteUserStoreManagerService"
  private static let path = "/services/\(name)"

  private let directory: Directory
  private let configuration: ServerConfiguration
  private let authenticator: any Authenticator

  private let proxied: ProxiedApplications

  init(
    directory: Directory, configuration: ServerConfiguration, authenticator: any Authenticator,
    proxied: ProxiedApplications
  ) {
    self.proxied = proxied
    self.directory = directory
    self.configuration = configuration
    self.authenticator = authenticator
  }

  func owns(_ path: String) -> Bool {
    path == Self.path || path.hasPrefix(Self.path + ".") || path.hasPrefix(Self.path + "/")
  }

  /// What goes wrong before anything of the message is known.
  func response(to refusal: Refusal) -> Response { .soap(refusal, .soap11) }

  func respond(to exchange: Exchange) async throws -> Response {
    let request = exchange.request
    guard let port = Self.port(of: request.uri.path) else { throw Refusal.notFound }
    switch request.method {
    case .get where Self.asksForWSDL(request.uri.query): return wsdl(exchange)
    case .post: return try await answer(exchange, at: port)
    default: throw Refusal.methodNotAllowed([.post])
    }
  }

  /// The port of a path: `…Service` and `…Service/` are that of SOAP 1.1, which takes 1.2 too, and
  /// `…Service.<port>/` is the port's own. Below that of the HTTP binding stands the name of the operation, which the
  /// message tells again. nil when nothing has this path.
  private static func port(of path: String) -> SOAPPort? {
    let rest = path.dropFirst(Self.path.count)
    guard rest.first == "." else { return rest.isEmpty || rest == "/" ? .soap11 : nil }
    let parts = rest.dropFirst().split(separator: "/", omittingEmptySubsequences: true)
    guard let port = SOAPPort.allCases.first(where: { $0.name == parts.first.map(String.init) }) else { return nil }
    return parts.count == 1 || (port == .http && parts.count == 2) ? port : nil
  }

  private static func asksForWSDL(_ query: String?) -> Bool {
    query?.lowercased().split(separator: "&").contains { $0 == "wsdl" || $0.hasPrefix("wsdl=") } ?? false
  }

  /// The description is for everybody: it tells nothing that is not public.
  private func wsdl(_ exchange: Exchange) -> Response {
    let address = BaseAddress(of: exchange.request, to: exchange.context, configuration, path: Self.path)
    return .xml(.ok, WSDL(address: address.text).document, contentType: SOAPVersion.soap11.contentType)
  }

  /// Whatever goes wrong is told in the version of SOAP that the client speaks, as far as that is known.
  /// - Throws: `HTTPParserError` only.
  private func answer(_ exchange: Exchange, at port: SOAPPort) async throws -> Response {
    var version = port == .soap12 ? SOAPVersion.soap12 : .soap11
    do {
      let principal = try await exchange.authenticated()
      guard try await proxied.application(of: principal, exchange.author(principal)) == nil else {
        throw SCIMError.notProxied
      }
      let (media, charset) = try exchange.request.xmlContentType()
      version = media ?? version
      let bytes = try await exchange.request.bytes(maxSize: configuration.maxBodySize)
      let root = try MessageElement(parsing: Array(bytes.readableBytesView), charset: charset)
      let message = try SOAPMessage(root, takesPlain: port == .http)
      version = message.version
      let call = try call(message.content, exchange, principal)
      return .answer(try await call.perform(), to: call.operation, version)
    } catch let error as HTTPParserError {
      throw error
    } catch let failure as XMLFailure {
      return .soap(.client("The message is refused: \(failure)."), version)
    } catch let fault as SOAPFault {
      return .soap(fault, version)
    } catch {
      return .soap(exchange.completed(ServiceResponder.refusal(of: error, exchange.context)), version)
    }
  }

  private func call(
    _ content: MessageElement, _ exchange: Exchange, _ principal: Principal
  ) throws(SOAPFault) -> UserStoreCall {
    let operation = try UserStoreOperation.named(content)
    return UserStoreCall(
      operation: operation, arguments: try SOAPValue.fields(operation.parameters.map(\.field), of: content),
      directory: directory, principal: principal, author: exchange.author(principal),
      isRight: { [authenticator, address = exchange.address] credential in
        try await authenticator.principal(for: credential, from: address) != nil
      }, maxResults: configuration.maxResults, logger: exchange.context.signedLogger)
  }
}
