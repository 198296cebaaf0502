import ArgumentParser
import Reconciliation
import Reports
import Stores

/// A command whose body answers with an exit status; failures become one sentence on standard error.
protocol CommandBody: AsyncParsableCommand {
  /// The forms that its result can take.
  static var formats: [ReportFormat] { get }
  var output: OutputOptions { get }
  func run(in workspace: Workspace) async throws -> ExitStatus
}

extension CommandBody {
  func run() async throws {
    var status: ExitStatus
    do {
      let workspace = try Workspace(output, formats: Self.formats)
      status = await self.status(in: workspace)
      if let problem = workspace.terminal.outputProblem {
        Terminal.error(problem)
        if status == .success { status = .unexpected }
      }
    } catch {
      status = ExitStatus(telling: error)
    }
    if status != .success { throw ExitCode(status.rawValue) }
  }

  private func status(in workspace: Workspace) async -> ExitStatus {
    let status: ExitStatus
    do { status = try await run(in: workspace) } catch { status = ExitStatus(telling: error) }
    return status == .success ? status : workspace.signals.status ?? status
  }
}

extension ExitStatus {
  /// Says on standard error why a command ended early.
  fileprivate init(telling error: any Error) {
    switch error {
    case let failure as CommandFailure: self.init(telling: failure)
    case let error as LeaseError: self.init(telling: CommandFailure(error))
    case let error as StoreError: self.init(telling: CommandFailure(.unexpected, error.message))
    default: self.init(telling: CommandFailure(.unexpected, "\(error)"))
    }
  }

  private init(telling failure: CommandFailure) {
    Terminal.error(failure.description)
    self = failure.status
  }
}
