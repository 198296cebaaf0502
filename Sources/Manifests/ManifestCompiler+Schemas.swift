import Foundation
import Reconciliation
import SCIM

extension ManifestCompiler {
  /// The schemas of the files that are named for them, found without a look at the others: when they are all there are,
  /// every document is read once only.
  func expectedSchemas(in sources: [ManifestSource]) -> [SchemaExtension] {
    let named = sources.filter { source in
      source.path.split(separator: "/").suffix(2).contains { $0.lowercased().contains("schema") }
    }
    guard !named.isEmpty else { return [] }
    return compile(named, knowing: []).schemas
  }
}
