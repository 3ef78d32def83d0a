export const STYLE = `
:root {
  --paper: #f6f5f1; --card: #fff; --ink: #1d1f21; --faint: #666a70; --line: #dfddd6; --accent: #0b6e69; --bad: #b3261e; --odd: #7a5b00;
  --check: #e9e7e0;
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141517; --card: #1e2023; --ink: #eceae4; --faint: #a0a3a8; --line: #33363b; --accent: #5cc8bf; --bad: #ff8a80; --odd: #e6c35c;
    --check: #2a2d31;
  }
}
* { box-sizing: border-box; margin: 0; }
body { background: var(--paper); color: var(--ink); padding: 2rem clamp(1rem, 4vw, 4rem) 4rem; }
header { border-bottom: 1px solid var(--line); padding-bottom: 1.25rem; }
h1 { font-size: 1.7rem; letter-spacing: -0.02em; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.9rem; }
h2 small { color: var(--faint); font-weight: 400; font-size: 0.85rem; margin-left: 0.5rem; }
ul { list-style: none; padding: 0; }
.totals { display: flex; flex-wrap: wrap; gap: 0.75rem 2.25rem; margin-top: 1rem; }
.totals div { display: flex; flex-direction: column-reverse; }
.totals dd { font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.totals dt { color: var(--faint); font-size: 0.85rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 1.25rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; display: flex; flex-direction: column; overflow: hidden; }
.preview { aspect-ratio: 4 / 3; position: relative; background-color: var(--check); color: var(--faint); }
.preview.alpha { background: repeating-conic-gradient(var(--check) 0 25%, transparent 0 50%) 0 0 / 20px 20px; }
.preview img { position: absolute; inset: 0.75rem; width: calc(100% - 1.5rem); height: calc(100% - 1.5rem); object-fit: scale-down; }
p.preview { padding: 1rem; }
.facts { padding: 0.8rem 1rem 0.6rem; }
.facts h3 { font-size: 1rem; overflow-wrap: anywhere; }
.facts p { color: var(--faint); font-size: 0.85rem; font-variant-numeric: tabular-nums; }
.renditions { margin-top: auto; padding-bottom: 0.4rem; }
.renditions a {
  display: grid; grid-template: "thumb what size" "thumb bar bar" / 2.5rem 1fr auto; gap: 0.15rem 0.7rem; align-items: center;
  padding: 0.4rem 1rem; color: inherit; text-decoration: none; font-size: 0.85rem; font-variant-numeric: tabular-nums;
}
.renditions a:hover, .renditions a:focus-visible { background: var(--paper); }
.renditions b { font-weight: 600; }
.thumb { grid-area: thumb; width: 2.5rem; height: 2.5rem; background: var(--check); border-radius: 4px; overflow: hidden; }
.thumb img { width: 100%; height: 100%; object-fit: cover; display: block; }
.what { grid-area: what; overflow-wrap: anywhere; }
.size { grid-area: size; text-align: right; white-space: nowrap; }
.size em { color: var(--accent); font-style: normal; font-weight: 600; margin-left: 0.35rem; }
.size .larger { color: var(--odd); }
.bar { grid-area: bar; height: 4px; border-radius: 2px; background: var(--line); overflow: hidden; }
.bar i { display: block; height: 100%; border-radius: 2px; background: var(--accent); }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
.others { display: grid; gap: 0.5rem; }
.others li {
  background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 6px; padding: 0.6rem 1rem;
  overflow-wrap: anywhere;
}
.others li.ignored { border-left-color: var(--odd); }
.others span { color: var(--faint); font-size: 0.85rem; }
.others .badge { color: var(--bad); font-weight: 700; font-size: 0.8rem; letter-spacing: 0.02em; margin-right: 0.35rem; }
.others .ignored .badge { color: var(--odd); }
.others p { color: var(--faint); }
@media print { body { padding: 0; } .card { break-inside: avoid; } }
`;
