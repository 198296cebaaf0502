import Mustache

/// The templates of all pages, read once.
enum PageTemplates {
  static let library: MustacheLibrary = {
    var library = MustacheLibrary()
    let parts = [
      layout, signIn, federation, console, consoleForms, consoleMembers, consoleOperations, consoleEndpoints,
      consoleDrift,
    ]
    for (name, text) in parts.joined() {
      do {
        // Values come escaped (``PageContent``); the library would miss what stands before a combining mark.
        try library.register("{{% CONTENT_TYPE:TEXT}}" + text, named: name)
      } catch {
        preconditionFailure("the template \(name) cannot be read: \(error)")
      }
    }
    return library
  }()

  /// What stands around every page: `{{<layout}}{{$content}}…{{/content}}{{/layout}}`.
  private static let layout = [
    "layout": """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{{title}} · Rollcall</title>
    <link rel="stylesheet" href="\(PageStyle.path)">
    {{$head}}{{/head}}
    </head>
    <body>
    <a class="skip" href="#content">Skip to the content</a>
    {{$header}}{{/header}}
    <main id="content" tabindex="-1">
    {{$content}}{{/content}}
    </main>
    </body>
    </html>

    """
  ]
}
