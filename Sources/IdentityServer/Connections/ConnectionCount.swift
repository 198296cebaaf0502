import CoreMetrics
import HummingbirdCore
import Logging

/// How many connections are open, and whether another may be.
struct ConnectionCount: AvailableConnectionsDelegate {
  private let maximum: Int
  private let gauge: Meter
  private let logger: Logger
  private var open = 0

  init(maximum: Int, gauge: Meter, logger: Logger) {
    self.maximum = maximum
    self.gauge = gauge
    self.logger = logger
  }

  mutating func connectionOpened() {
    open += 1
    gauge.set(open)
    if open == maximum {
      logger.warning("as many connections as allowed: others wait", metadata: ["open": .stringConvertible(open)])
    }
  }

  mutating func connectionClosed() {
    open -= 1
    gauge.set(open)
  }

  func isAcceptingNewConnections() -> Bool { open < maximum }
}
