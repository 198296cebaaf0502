/// The look of all pages: light and dark by what the reader prefers.
enum PageStyle {
  static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1a6b3c"/>\
    <path d="M6 4l6 4-6 4z" fill="#fff"/></svg>
    """

  static let text = """
    :root {
      color-scheme: light dark;
      --ink: light-dark(#1b1f24, #e8eaed); --paper: light-dark(#f4f7f4, #151a16); --card: light-dark(#ffffff, #1f2620);
      --line: light-dark(#8c959f, #6e7781); --accent: light-dark(#1a6b3c, #7ddba3); --bad: light-dark(#a40e26, #ff9aa5);
      --on-accent: light-dark(#ffffff, #0c1710);
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
    main { max-width: 46rem; margin: 5vh auto 2rem; padding: 1.75rem; background: var(--card);
      border: 1px solid var(--line); border-radius: .5rem; }
    h1 { margin: 0 0 1rem; font-size: 1.375rem; overflow-wrap: anywhere; }
    h2 { margin: 1.5rem 0 .5rem; font-size: 1.125rem; }
    p { overflow-wrap: anywhere; }
    a { color: var(--accent); }
    table { width: 100%; border-collapse: collapse; }
    th, td { padding: .25rem .5rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line);
      overflow-wrap: anywhere; }
    th { width: 14rem; font-weight: 600; }
    label { display: block; margin: .75rem 0 .25rem; font-weight: 600; }
    input { width: 100%; padding: .5rem .625rem; font: inherit; color: inherit; background: var(--card);
      border: 1px solid var(--line); border-radius: .25rem; }
    button { margin-top: 1rem; padding: .5rem 1rem; font: inherit; font-weight: 600; cursor: pointer;
      color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); border-radius: .25rem; }
    button.other { color: var(--accent); background: transparent; }
    .buttons { display: flex; gap: .75rem; flex-wrap: wrap; }
    .problem { padding: .5rem .75rem; color: var(--bad); border: 1px solid var(--bad); border-radius: .25rem; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }

    """
}
