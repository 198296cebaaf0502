import Controller
import Endpoints
import Foundation
import Reconciliation

extension Workspace {
  /// Brings messages to the channels that manifests describe.
  var notificationChannels: NotificationChannels {
    NotificationChannels(secrets: secrets, userAgent: "rollcall/\(Version.text)")
  }

  /// Tells people what the passes of a controller find.
  func notifier(_ records: any ConvergenceRecords) -> Notifier {
    Notifier(now: now, newID: { UUID().uuidString.lowercased() }, records: records, logger: logger) {
      [notificationChannels] declaration, message throws(EndpointError) in
      try await notificationChannels.deliver(message, over: declaration)
    }
  }
}
