/// What the console's pages do beside what they do without it: numbers that change are shown as they change.
enum ConsoleScript {
  static let asset = Asset("js", type: "text/javascript; charset=utf-8", text)

  private static let text = """
    "use strict";
    for (const page of document.querySelectorAll("[data-live]")) {
      const texts = new Map([...page.querySelectorAll("[data-name]")].map(e => [e.dataset.name, e]));
      const source = new EventSource(page.dataset.live);
      // A page that was left open must not keep its session alive for ever.
      setTimeout(() => source.close(), 20 * 60 * 1000);
      source.onmessage = event => {
        for (const [name, text] of Object.entries(JSON.parse(event.data))) {
          const element = texts.get(name);
          if (!element || element.textContent === text) continue;
          element.textContent = text;
          if (!element.classList.contains("badge")) continue;
          for (const look of ["failing", "off"])
            element.classList.toggle(look, (element.dataset[look] ?? "").split("|").includes(text));
        }
      };
    }

    """
}
