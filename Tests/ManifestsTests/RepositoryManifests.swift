import Foundation
import Manifests
import Testing

/// The manifests of this repository, those of its samples among them.
enum RepositoryManifests {
  static let sources: [ManifestSource] = ["manifests", "samples"].flatMap {
    ManifestFolder.contents(of: [root.appending(path: $0).path]).sources
  }.filter { source in
    // Samples hold files for other programs too.
    (try? source.bytes()).map { String(decoding: $0, as: UTF8.self).contains("apiVersion: rollcall/v1") } ?? true
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
}

extension ManifestSource: CustomTestStringConvertible {
  public var testDescription: String { path.split(separator: "/").suffix(3).joined(separator: "/") }
}
