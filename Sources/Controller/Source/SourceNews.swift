import Logging

/// One line of the log on what became of a source.
package struct SourceNews: Sendable {
  package var level: Logger.Level
  package var message: String
  package var metadata: Logger.Metadata
}

extension SourceStatus {
  /// What there is to tell since an earlier status: each thing once.
  func news(since earlier: SourceStatus) -> [SourceNews] {
    var news: [SourceNews] = []
    if inForceSince != earlier.inForceSince { news.append(admission) }
    if problem != earlier.problem {
      if let problem {
        news.append(
          SourceNews(level: .error, message: "\(problem.message)\(consequence)", metadata: metadata(of: problem)))
      } else if inForceSince == earlier.inForceSince {
        news.append(SourceNews(level: .info, message: "the source of the manifests is well again", metadata: origin))
      }
    }
    if let notice, notice != earlier.notice {
      news.append(SourceNews(level: .warning, message: notice, metadata: origin))
    }
    return news
  }

  private var origin: Logger.Metadata { ["source": "\(source)"] }

  private var consequence: String { inForceSince == nil ? "" : "; the last good state stays in force" }

  private var admission: SourceNews {
    var line = origin
    line["documents"] = .stringConvertible(documents ?? 0)
    if let revision {
      line["commit"] = "\(revision)"
      line["author"] = "\(revision.author)"
    }
    return SourceNews(level: .info, message: "manifests read", metadata: line)
  }

  private func metadata(of problem: SourceProblem) -> Logger.Metadata {
    var line = origin
    line["reason"] = "\(problem.reason.rawValue)"
    if let commit = problem.commit { line["commit"] = "\(commit.prefix(12))" }
    return line
  }
}
