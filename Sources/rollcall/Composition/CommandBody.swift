import ArgumentParser
import Reconciliation
import Reports
import Stores

/// A command whose body answers with an exit status; failures become one sentence on standard error.
protocol CommandBody: AsyncParsableCommand {
  var output: OutputOptions { get }
  func run(in workspace: Workspace) async throws -> ExitStatus
}

extension CommandBody {
  func run() async throws {
    var status: ExitStatus
    do {
      let workspace = try Workspace(output)
      status = try await run(in: workspace)
      if status != .success, let interruption = workspace.signals.status { status = interruption }
    } catch let failure as CommandFailure {
      Terminal.error(failure.description)
      status = failure.status
    } catch let error as LeaseError {
      let failure = CommandFailure(error)
      Terminal.error(failure.description)
      status = failure.status
    } catch let error as StoreError {
      Terminal.error(error.message)
      status = .unexpected
    } catch {
      Terminal.error("\(error)")
      status = .unexpected
    }
    if status != .success { throw ExitCode(status.rawValue) }
  }
}
