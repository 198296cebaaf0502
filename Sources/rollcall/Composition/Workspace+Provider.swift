import Foundation
import IdentityServer
import LocalDirectory
import OpenID
import Reports

extension Workspace {
  /// What signs users in for applications.
  /// - Parameter place: as ``DirectoryPlace`` reads it: where the key of the directory's secrets is found.
  func provider(
    over store: any ProviderStore, of directory: Directory, at place: String, sessions policy: SessionPolicy,
    _ trail: AccessTrail
  ) throws -> OpenIDProvider {
    OpenIDProvider(
      store: store, sessions: Sessions(store, directory: directory, policy: policy, trail: trail, now: now),
      keys: try signingKeys(in: store, at: place, trail), trail: trail, now: now)
  }

  /// What signs users in with identity providers.
  /// - Parameter place: as ``DirectoryPlace`` reads it: where the key of the directory's secrets is found.
  func federation(at place: String, _ administrators: Administrators) throws -> Federation {
    Federation(
      box: try secretBox(at: place), administrators: administrators, userAgent: "rollcall/\(Version.text)", now: now)
  }

  func signingKeys(in store: any SigningKeyStore, at place: String, _ trail: AccessTrail) throws -> SigningKeys {
    SigningKeys(store, box: try secretBox(at: place), trail: trail, now: now)
  }
}
