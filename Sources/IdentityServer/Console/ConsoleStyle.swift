/// The look of the console, on top of that of all pages.
enum ConsoleStyle {
  static let text = frame + content + forms

  private static let frame = """
    :root {
      --faint: light-dark(#d0d7de, #3a4149); --tint: light-dark(#eaeef2, #2b3138); --good: light-dark(#116329, #7ee2a0);
      --good-paper: light-dark(#dafbe1, #12301c); --on-bad: light-dark(#ffffff, #20090c);
    }
    .unseen { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden;
      clip-path: inset(50%); white-space: nowrap; border: 0; }
    .bar { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem; padding: .625rem 1.25rem;
      background: var(--card); border-bottom: 1px solid var(--faint); }
    .bar a { color: var(--ink); text-decoration: none; }
    .bar a:hover { text-decoration: underline; }
    .brand { font-weight: 700; letter-spacing: -.01em; }
    .bar nav { flex: 1 1 auto; min-width: 0; font-size: .9375rem; }
    .bar ul { display: flex; flex-wrap: wrap; gap: .125rem; margin: 0; padding: 0; list-style: none; }
    .bar li a { display: block; padding: .3125rem .5rem; border-radius: .375rem; color: var(--soft); }
    .bar li a:hover { color: var(--ink); text-decoration: none; background: var(--paper); }
    .bar li a[aria-current] { color: var(--ink); background: var(--tint); font-weight: 600; }
    .own { display: flex; margin-left: auto; align-items: center; gap: .75rem; font-size: .9375rem; overflow-wrap: anywhere; }
    .console { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
    .narrow { max-width: 42rem; }

    """

  private static let content = """
    .console h2 { margin: 0 0 .5rem; font-size: 1rem; }
    .head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75rem;
      margin-bottom: 1rem; }
    .head h1 { margin: 0; }
    .back { margin: 0 0 .5rem; font-size: .9375rem; }
    .deeds { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; }
    .console button, .own button, .button { display: inline-block; width: auto; margin: 0; padding: .4375rem .875rem;
      font: inherit; font-weight: 600; line-height: 1.4; text-decoration: none; border-radius: .375rem;
      color: var(--on-accent); background: var(--accent); border: 1px solid var(--accent); }
    .console button.other, .button.other { color: var(--accent); background: transparent; border-color: var(--faint); }
    .console button.bad { color: var(--on-bad); background: var(--bad); border-color: var(--bad); }
    .button.bad { color: var(--bad); }
    .console button:hover, .button:hover { filter: brightness(1.08); }
    .console button.other:hover, .button.other:hover { filter: none; background: var(--tint); }
    .own button.plain { padding: .25rem .625rem; color: var(--soft); background: transparent; border-color: var(--faint);
      font-weight: 400; }
    .console button.small { padding: .25rem .625rem; font-size: .9375rem; font-weight: 400; }
    .done { padding: .5rem .75rem; color: var(--good); background: var(--good-paper); border-radius: .375rem; }
    .console .problem { background: var(--card); margin: 0 0 1rem; }
    .console .problem p { margin: 0; }
    .console .problem ul { margin: .25rem 0 0; padding-left: 1.25rem; }
    .console .problem ul:empty { display: none; }
    .empty { color: var(--soft); }
    .badge { display: inline-block; white-space: nowrap; padding: .0625rem .5rem; font-size: .8125rem; font-weight: 600; vertical-align: middle;
      color: var(--good); background: var(--good-paper); border-radius: 1rem; }
    .badge.failing { color: var(--bad); background: transparent; border: 1px solid var(--bad); }
    .badge.off { color: var(--soft); background: var(--tint); }
    section, table.list { margin: 0 0 1.25rem; background: var(--card); border: 1px solid var(--faint);
      border-radius: .5rem; }
    section { padding: 1rem 1.25rem; }
    section > :last-child { margin-bottom: 0; }
    dl { margin: 0; }
    dl > div { display: grid; grid-template-columns: minmax(9rem, 16rem) 1fr; gap: 0 1rem; padding: .25rem 0; }
    dt { grid-column: 1; color: var(--soft); }
    dd { grid-column: 2; margin: 0; overflow-wrap: anywhere; }
    ul.links { margin: 0; padding-left: 1.25rem; }
    ul.links:empty { display: none; }
    .people { margin: 0; padding: 0; list-style: none; }
    .people li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25rem 1rem;
      padding: .375rem 0; }
    .people li + li { border-top: 1px solid var(--faint); }
    .access { margin: 0; padding: 0; list-style: none; }
    .access > li { padding: .375rem 0; font-weight: 600; }
    .access ul { margin: 0; padding-left: 1.25rem; font-weight: 400; color: var(--soft); }
    .tabs { display: flex; gap: 1rem; margin-bottom: 1rem; border-bottom: 1px solid var(--faint); }
    .tabs a { padding: .375rem .125rem; color: var(--soft); text-decoration: none; }
    .tabs a[aria-current] { color: var(--ink); font-weight: 600; border-bottom: 2px solid var(--accent); }
    .filters { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .5rem .75rem;
      align-items: end; margin-bottom: 1rem; }
    .filters label { margin: 0 0 .125rem; font-weight: 400; font-size: .9375rem; color: var(--soft); }
    .trail { margin: 0 0 1rem; padding: 0; list-style: none; background: var(--card); border: 1px solid var(--faint);
      border-radius: .5rem; }
    .trail:empty { display: none; }
    .trail > li { padding: .625rem 1.25rem; }
    .trail > li + li { border-top: 1px solid var(--faint); }
    .trail p { margin: 0; }
    .trail .note { font-size: .9375rem; }
    .trail dl { font-size: .9375rem; }
    del { color: var(--bad); }
    ins { color: var(--good); text-decoration: none; }
    .concerns { border-color: var(--bad); }
    .concerns ul, .lines { margin: 0; padding-left: 1.25rem; }
    .lines { padding: 0; list-style: none; }
    .lines li { padding: .1875rem 0; }
    code { overflow-wrap: anywhere; font-size: .9375rem; }
    table.list { width: 100%; border-collapse: separate; border-spacing: 0; }
    .list th, .list td { padding: .5625rem .875rem; text-align: left; vertical-align: top; max-width: 30rem;
      overflow-wrap: anywhere; }
    .list tbody th { max-width: 20rem; }
    .list .words { overflow-wrap: normal; }
    .list .whole { white-space: nowrap; }
    .list thead th { font-size: .875rem; color: var(--soft); font-weight: 600; overflow-wrap: normal;
      border-bottom: 1px solid var(--faint); }
    .list tbody tr + tr > * { border-top: 1px solid var(--faint); }
    .list tbody th { font-weight: 600; }
    .list tbody tr:hover { background: var(--paper); }
    .search { margin-bottom: 1rem; }
    .search label { margin: 0 0 .25rem; font-weight: 400; color: var(--soft); font-size: .9375rem; }
    .line { display: flex; gap: .5rem; max-width: 36rem; }
    .paging { display: flex; gap: 1rem; color: var(--soft); }
    .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .75rem; margin: 0 0 1.25rem;
      padding: 0; list-style: none; }
    .tiles a { display: block; padding: 1rem 1.25rem; color: var(--ink); text-decoration: none; background: var(--card);
      border: 1px solid var(--faint); border-radius: .5rem; }
    .tiles a:hover { border-color: var(--accent); }
    .plot { margin: 0; }
    .area { display: grid; grid-template-columns: auto 1fr; gap: 0 .5rem; margin-bottom: .5rem; font-size: .875rem;
      color: var(--soft); font-variant-numeric: tabular-nums; }
    .area svg { grid-area: 1 / 2 / span 2; display: block; width: 100%; height: 10rem;
      border-bottom: 1px solid var(--line); }
    .highest, .zero { grid-column: 1; line-height: 1; text-align: right; }
    .zero { align-self: end; }
    .ends { grid-column: 2; display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem;
      margin: .25rem 0 0; }
    .ends :last-child { margin-left: auto; }
    .plot, .legend {
      --missing: var(--bad); --changed: light-dark(#9a6700, #e3b341); --unmanaged: light-dark(#6639ba, #c297ff);
      --foreign: light-dark(#6e7781, #8b949e); --acknowledged: light-dark(#54aeff, #1f6feb);
    }
    .missing { fill: var(--missing); }
    .changed { fill: var(--changed); }
    .unmanaged { fill: var(--unmanaged); }
    .foreign { fill: var(--foreign); }
    .acknowledged { fill: var(--acknowledged); }
    .legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .9375rem; color: var(--soft); }
    .legend svg { display: inline-block; width: .75rem; height: .75rem; margin-right: .375rem; }
    .number { display: block; font-size: 1.75rem; font-weight: 700; line-height: 1.2; font-variant-numeric: tabular-nums; }

    """

  private static let forms = """
    fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
    .section { margin: 0 0 1.25rem; padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--faint);
      border-radius: .5rem; }
    .section > legend { float: left; width: 100%; margin-bottom: .625rem; padding: 0; font-weight: 700; }
    .section > legend + * { clear: both; }
    .field { margin: 0 0 .875rem; }
    .field label, .field > legend { display: block; margin: 0 0 .25rem; padding: 0; font-weight: 600; }
    .field p { margin: .1875rem 0 0; font-size: .9375rem; }
    .check { display: flex; align-items: baseline; gap: .5rem; padding: .125rem 0; }
    .field .check label { margin: 0; font-weight: 400; }
    .check input { width: auto; flex: none; accent-color: var(--accent); }
    .boxes { max-height: 16rem; overflow-y: auto; }
    textarea, select { width: 100%; padding: .5rem .625rem; font: inherit; color: inherit; background: var(--card);
      border: 1px solid var(--line); border-radius: .25rem; }
    .wrong { margin: .25rem 0 0; color: var(--bad); }
    .faulty input, .faulty textarea, .faulty select { border-color: var(--bad); }
    .newer { padding: .25rem .5rem; background: var(--tint); border-radius: .25rem; overflow-wrap: anywhere; }
    .row { margin: 0 0 .75rem; padding: .75rem 1rem; border: 1px solid var(--faint); border-radius: .375rem; }
    .row > legend { padding: 0 .25rem; color: var(--soft); font-size: .9375rem; }
    .row.compact { display: grid; grid-template-columns: 2fr 1fr auto; gap: 0 1rem; align-items: end; }
    .row.compact .field { margin: 0; }
    .rows { margin-bottom: 1rem; }
    .rows summary { margin: 0 0 .75rem; cursor: pointer; color: var(--accent); }
    @media (max-width: 40rem) {
      .bar { padding: .5rem .75rem; }
      .bar nav { order: 3; flex-basis: 100%; }
      .console { padding: 1rem .75rem 3rem; }
      dl > div { grid-template-columns: 1fr; }
      dt, dd { grid-column: 1; }
      .row.compact { grid-template-columns: 1fr; gap: .5rem 0; }
      .list thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      .list tr { display: block; padding: .5rem .25rem; }
      .list tbody tr + tr { border-top: 1px solid var(--faint); }
      .list th, .list td, .list tbody th { display: block; max-width: none; padding: .125rem .625rem; border: 0; }
      .list .whole { white-space: normal; }
      .list tbody tr + tr > * { border: 0; }
      .list td:empty { display: none; }
      .list td::before { content: attr(data-label) ": "; color: var(--soft); }
    }

    """
}
