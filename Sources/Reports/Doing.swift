import Foundation
import Reconciliation

/// Who did what a report shows of one resource, as far as that is known.
struct Doing {
  /// The last change of its document.
  var manifest: ManifestChange?
  /// When it was last changed at the endpoint.
  var modified: Date?

  /// Whose doing a difference is.
  func words(for cause: Cause) -> String {
    switch cause {
    case .manifest: cause.words + (manifest.map { " by \($0.words)" } ?? "")
    case .endpoint: cause.words + (modifiedWords.map { ", \($0)" } ?? "")
    case .both:
      ([cause.words]
        + [manifest.map { "the manifest by \($0.words)" }, modifiedWords.map { "there \($0)" }]
        .compactMap(\.self)).joined(separator: ", ")
    case .unknown: cause.words
    }
  }

  /// `last on 2026-11-25 10:12`.
  var modifiedWords: String? { modified.map { "last on \($0.minute)" } }

  /// Everything that is known, in one line each.
  var lines: [String] {
    [
      manifest.map { "manifest: \($0.words), \($0.time.minute): \($0.subject)" },
      modifiedWords.map { "endpoint: \($0)" },
    ]
    .compactMap(\.self)
  }
}

extension ManifestChange {
  /// As many digits as people quote of a commit.
  var shortCommit: String { String(commit.prefix(8)) }

  /// `Alice (4f1c2ab1)`.
  var words: String {
    let name = author.prefix { $0 != "<" }.trimmingCharacters(in: .whitespaces)
    return "\(name.isEmpty ? author : name) (\(shortCommit))"
  }
}
