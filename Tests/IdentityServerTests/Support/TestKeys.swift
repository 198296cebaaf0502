import Crypto
import CryptoExtras
import IdentityServer
import OpenID
import Synchronization

/// Keys for tests. RSA keys take long to make, so that all servers of a run share two.
enum TestKeys {
  private static let rsaKeys: [Result<String, any Error>] = [make(), make()]

  private static func make() -> Result<String, any Error> {
    Result { try _RSA.Signing.PrivateKey(keySize: .bits2048).pemRepresentation }
  }

  /// A maker whose first two keys of each algorithm differ.
  static func maker() -> KeyMaker {
    let count = Counter()
    return KeyMaker { algorithm in
      switch algorithm {
      case .es256: P256.Signing.PrivateKey().pemRepresentation
      case .rs256: try rsaKeys[count.next() % 2].get()
      }
    }
  }

  private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
      count.withLock { count in
        defer { count += 1 }
        return count
      }
    }
  }
}
