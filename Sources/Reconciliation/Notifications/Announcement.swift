import Foundation

/// One message: everything that one look gives reason to tell.
package struct Announcement: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    package enum News: String, Sendable {
      case new, again, recovered
    }

    package var news: News
    package var finding: PassFindings.Finding
    package var since: Date

    package init(_ news: News, _ finding: PassFindings.Finding, since: Date) {
      self.news = news
      self.finding = finding
      self.since = since
    }
  }

  package var place: PassFindings.Place
  /// What is new first, then what goes on, then what is over; each by event and subject.
  package var items: [Item]

  package init(_ place: PassFindings.Place, _ items: [Item]) {
    self.place = place
    self.items = items
  }
}
