/// The look of all pages: light and dark by what the reader prefers, readable without it.
enum PageStyle {
  static let sheet = Asset("css", type: "text/css; charset=utf-8", pages + ConsoleStyle.text)
  static var path: String { sheet.path }

  private static let pages = """
    :root {
      color-scheme: light dark;
      --ink: light-dark(#1b1f24, #e8eaed); --soft: light-dark(#57606a, #a8b0b9); --paper: light-dark(#f6f8fa, #14171a);
      --card: light-dark(#ffffff, #1e2226); --line: light-dark(#8c959f, #6e7781); --accent: light-dark(#0b5cad, #79b8ff);
      --on-accent: light-dark(#ffffff, #0c1117); --bad: light-dark(#a40e26, #ff9aa5);
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
    main { display: block; }
    h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; overflow-wrap: anywhere; }
    p, li, strong { overflow-wrap: anywhere; }
    a, button, code, del, ins, label, legend, option, span, strong, summary, time { unicode-bidi: isolate; }
    a { color: var(--accent); }
    .to { display: block; font-size: 1rem; font-weight: normal; color: var(--soft); }
    .card { max-width: 26rem; margin: 10vh auto 2rem; padding: 1.75rem; background: var(--card);
      border: 1px solid var(--line); border-radius: .5rem; }
    label { display: block; margin: .75rem 0 .25rem; font-weight: 600; }
    input { width: 100%; padding: .5rem .625rem; font: inherit; color: inherit; background: var(--card);
      border: 1px solid var(--line); border-radius: .25rem; }
    button { width: 100%; margin-top: 1rem; padding: .5rem 1rem; font: inherit; font-weight: 600; cursor: pointer;
      color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); border-radius: .25rem; }
    button.other { color: var(--accent); background: transparent; }
    .buttons { display: flex; gap: .75rem; }
    .problem { padding: .5rem .75rem; color: var(--bad); border: 1px solid var(--bad); border-radius: .25rem; }
    .note { color: var(--soft); }
    .skip { position: absolute; left: -999rem; }
    .skip:focus { left: .5rem; top: .5rem; padding: .25rem .5rem; background: var(--card); }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    main:focus { outline: none; }

    """
}
