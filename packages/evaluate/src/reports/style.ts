/** The style of a report: readable at any width, light or dark as the reader has it; contrast of text at least 4.5. */
export const STYLE = `
:root {
  --paper: #fcfcfa; --ink: #1f2328; --soft: #59636e; --grid: #dde1e6; --worse: #a40e26;
  --series-0: #1f2328; --series-1: #b35900; --series-2: #0b62b8; --series-3: #1a7f37;
  --series-4: #8a3fb0; --series-5: #a8295f; --series-6: #006d77;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181c; --ink: #e6e8ea; --soft: #a0a8b1; --grid: #333a42; --worse: #ff8a8a;
    --series-0: #e6e8ea; --series-1: #ffae57; --series-2: #6cb6ff; --series-3: #6bd68a;
    --series-4: #d2a8ff; --series-5: #ff9bc3; --series-6: #5fd3d3;
  }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
figure { margin: 0; } figure > svg { width: 100%; height: auto; }
figcaption { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0.5rem 0 1rem; }
.key { display: inline-flex; align-items: center; gap: 0.4rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 0.9rem; }
caption { text-align: left; color: var(--soft); padding-bottom: 0.3rem; }
th, td { padding: 0.3rem 0.7rem; text-align: right; border-bottom: 1px solid var(--grid); white-space: nowrap; }
th[scope="row"], th:first-child, td.text, th:last-child { text-align: left; }
.worse td.text { color: var(--worse); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; } dt { color: var(--soft); } dd { margin: 0; }
`;
