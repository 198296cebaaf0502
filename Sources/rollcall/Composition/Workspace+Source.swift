import Controller
import Foundation
import Logging
import Manifests
import Reconciliation
import Reports
import SCIM

extension Workspace {
  /// The manifests of a controller: a Git repository when one is named, else the files and folders of `-f`.
  /// - Parameter isKnown: throws for a selection that speaks of what these manifests do not know, which is logged: the next
  ///   ones may.
  func intake(
    _ source: SourceOptions, _ manifests: ManifestOptions, limiting parallelism: Int?,
    isKnown: @escaping @Sendable (DesiredState) async throws -> Void
  ) throws -> ManifestIntake {
    ManifestIntake(try revisions(source, manifests), largestLoss: try largestLoss(source), now: now) { paths in
      let compilation = await compile(paths).limiting(concurrency: parallelism)
      if compilation.isValid { await warn(unless: isKnown, compilation.desiredState) }
      return compilation
    }
  }

  private func warn(
    unless isKnown: @Sendable (DesiredState) async throws -> Void, _ desired: DesiredState
  ) async {
    do {
      try await isKnown(desired)
    } catch let failure as CommandFailure {
      logger.warning("\(failure.message)", metadata: failure.hint.map { ["hint": "\($0)"] })
    } catch {
      logger.warning("the selection cannot be looked at", metadata: ["because": "\(error)"])
    }
  }

  /// Who changed what in the manifests of the working folder, and which commit it is at.
  var history: ManifestHistory { ManifestHistory(environment: settings.environment) }

  private func revisions(_ source: SourceOptions, _ manifests: ManifestOptions) throws -> any RevisionSource {
    guard let url = settings.string("git", source.git) else {
      let paths = try paths(manifests)
      if let stream = paths.first(where: { $0 == "-" || ManifestSource.isStream($0) }) {
        let name = stream == "-" ? "standard input" : stream
        throw CommandFailure(.usage, "run reads manifests again and again: \(name) can be read but once")
      }
      return FolderSource(paths: paths, history: history)
    }
    guard manifests.paths.isEmpty else {
      throw CommandFailure(
        .usage, "--git and --filename exclude each other", hint: "a folder of the repository is named with --path")
    }
    return GitSource(
      try gitSettings(url, source), environment: settings.environment, secrets: secrets, stop: signals.stop, now: now,
      random: { Double.random(in: 0..<1) })
  }

  private func gitSettings(_ url: String, _ source: SourceOptions) throws -> GitSource.Settings {
    do {
      var git = try GitSource.Settings(
        remote: try GitRemote(url), ref: settings.string("ref", source.ref) ?? "main",
        directory: settings.string("path", source.directory) ?? "")
      git.credentials = GitCredentials(
        secret: try settings.string("git-credentials", source.credentials).map(secretReference),
        keyFile: try settings.string("git-ssh-key", source.sshKey).map(file),
        knownHosts: try settings.string("git-known-hosts", source.knownHosts).map(file))
      git.verification = try verification(settings.list("git-verify", source.verify) ?? [])
      git.interval = try interval(settings.string("git-interval", source.interval)) ?? git.interval
      git.workFolder = settings.string("git-folder", source.folder) ?? git.workFolder
      return git
    } catch let refusal as GitRemote.Refusal {
      throw CommandFailure(.usage, refusal.description)
    }
  }

  private func secretReference(_ text: String) throws -> SecretReference {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    switch parts.first {
    case "env" where parts.count == 2: return .environment(parts[1])
    case "file" where parts.count == 2: return .file(parts[1])
    default:
      // What was given may be the secret itself.
      throw CommandFailure(.usage, "--git-credentials says where they are: env:NAME or file:PATH")
    }
  }

  private func file(_ path: String) throws -> String {
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw CommandFailure(.usage, "the file \(path) cannot be read")
    }
    return URL(fileURLWithPath: path).path
  }

  /// Files list ssh keys, folders hold OpenPGP ones.
  private func verification(_ paths: Set<String>) throws -> GitVerification? {
    guard !paths.isEmpty else { return nil }
    var keys: (signers: String?, keyring: String?)
    for path in paths.sorted() {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw CommandFailure(.usage, "--git-verify: there is no file or folder \(path)")
      }
      guard (isFolder.boolValue ? keys.keyring : keys.signers) == nil else {
        throw CommandFailure(.usage, "--git-verify takes one allowed-signers file and one GnuPG folder")
      }
      if isFolder.boolValue { keys.keyring = path } else { keys.signers = path }
    }
    return GitVerification(allowedSigners: keys.signers, keyring: keys.keyring)
  }

  private func interval(_ text: String?) throws -> TimeInterval? {
    guard let text else { return nil }
    guard let seconds = DurationText.seconds(text), seconds > 0 else {
      throw CommandFailure(.usage, "--git-interval cannot be \"\(text)\"", hint: "for example 30s or 5m")
    }
    return TimeInterval(seconds)
  }

  private func largestLoss(_ source: SourceOptions) throws -> Double {
    guard let text = settings.string("max-shrink", source.maxShrink) else { return 0.5 }
    guard text.hasSuffix("%"), let percent = Double(text.dropLast()), (0...100).contains(percent) else {
      throw CommandFailure(.usage, "--max-shrink cannot be \"\(text)\"", hint: "a share such as 50%; 100% allows all")
    }
    return percent / 100
  }
}
