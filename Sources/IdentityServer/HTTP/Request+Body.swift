import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore
import NIOHTTP1
import SCIM

extension Request {
  /// The JSON object that the request carries.
  /// - Throws: `SCIMError` 415 for another content type, 413 for too many bytes, 400 for broken JSON; ``RequestTimedOut``;
  ///   `HTTPParserError`, which Hummingbird answers itself.
  func object(maxSize: Int) async throws -> JSONObject {
    guard carriesJSON else {
      throw SCIMError(status: 415, nil, "The content type must be application/scim+json or application/json.")
    }
    let bytes = try await bytes(maxSize: maxSize)
    let value = try Self.parse(bytes)
    // Before anything in it is compared or looked up.
    guard !value.hasTooManyMarks else {
      throw SCIMError(
        status: 400, .invalidValue, "A text has more than \(CombiningMarks.limit) combining marks in a row.")
    }
    guard case .object(let object) = value else {
      throw SCIMError(status: 400, .invalidSyntax, "The body must be a JSON object.")
    }
    return object
  }

  private static func parse(_ bytes: ByteBuffer) throws(SCIMError) -> JSONValue {
    let limits = JSONParser.Limits(maxBytes: bytes.readableBytes, maxDepth: 32)
    do {
      return try JSONValue(parsing: bytes.readableBytesView, limits: limits)
    } catch {
      throw SCIMError(status: 400, .invalidSyntax, "The body is not valid JSON: \(error).")
    }
  }

  /// Whether the content type is SCIM's or plain JSON (RFC 7644 section 8.1); one that is not given is taken on trust.
  private var carriesJSON: Bool {
    guard let mediaType else { return true }
    return ["application/scim+json", "application/json"].contains(where: mediaType.isExactly)
  }

  /// The body, of at most so many bytes.
  /// - Throws: `SCIMError` 413 for more, 400 when it does not arrive; ``RequestTimedOut``; `HTTPParserError`.
  func bytes(maxSize: Int) async throws -> ByteBuffer {
    let tooLarge = SCIMError(status: 413, nil, "The body must not be longer than \(maxSize) bytes.")
    // What says that it is too long need not be read.
    if let length = headers[.contentLength].flatMap({ Int($0) }), length > maxSize { throw tooLarge }
    do {
      return try await body.collect(upTo: maxSize)
    } catch is NIOTooManyBytesError {
      throw tooLarge
    } catch let error as HTTPParserError {
      throw error
    } catch let error as RequestTimedOut {
      throw error
    } catch {
      throw SCIMError(status: 400, .invalidSyntax, "The body did not arrive.")
    }
  }
}
