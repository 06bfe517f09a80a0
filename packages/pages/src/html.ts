import { border, ground, highlight, ink, mainGround, muted, strongBorder } from './colours.ts';

/** Text that is safe inside an element or attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A row of a table: its name, its cells, and whether it is highlighted. */
export interface TableRow {
  readonly name: string;
  readonly cells: readonly string[];
  readonly main?: boolean;
}

/** A table; the first column holds names, the others numbers. A line divides the groups of rows. */
export function table(head: readonly string[], groups: readonly (readonly TableRow[])[]): string {
  const headCells = head.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('');
  const row = ({ name, cells, main = false }: TableRow): string =>
    `<tr${main ? ' class="main"' : ''}><th scope="row">${escapeHtml(name)}</th>${cells
      .map((cell) => `<td>${escapeHtml(cell)}</td>`)
      .join('')}</tr>`;
  const bodies = groups.map((rows) => `<tbody>${rows.map(row).join('')}</tbody>`);
  return `<table><thead><tr>${headCells}</tr></thead>${bodies.join('')}</table>`;
}

/** Names and what they stand for. */
export function facts(pairs: readonly (readonly [name: string, value: string])[]): string {
  return `<dl>${pairs
    .map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`)
    .join('')}</dl>`;
}

/**
 * A picture and what it shows.
 * @param file - its path beside the page, or a `data:` address that holds the picture itself.
 */
export function figure(file: string, caption: string): string {
  return `<figure><img src="${escapeHtml(address(file))}" alt="${escapeHtml(caption)}"><figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

/** A file's path as an address: names may hold spaces, `#` or `?`. */
const address = (file: string): string =>
  file.startsWith('data:') ? file : file.split('/').map(encodeURIComponent).join('/');

/**
 * A whole page that needs nothing but the files beside it.
 * @param style - rules besides those of every page.
 */
export function page(title: string, body: string, style = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
:root { --ink: ${ink}; --muted: ${muted}; --border: ${border}; --strong-border: ${strongBorder}; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1040px; margin: 2rem auto 4rem; padding: 0 1rem; color: var(--ink); background: ${ground}; }
h1 { font-size: 1.7rem; margin-bottom: .3rem; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .6rem; border-bottom: 2px solid var(--border); padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
h4 { font-size: .9rem; margin: .6rem 0 0; } h4 span { font-weight: normal; color: var(--muted); }
.lead { font-size: 1.15rem; margin-top: 0; } .lead strong { font-size: 1.35rem; color: ${highlight}; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; max-width: 760px; }
th, td { padding: .28rem .8rem; border-bottom: 1px solid var(--border); text-align: right; font-weight: normal; }
thead th { font-weight: 600; border-bottom-width: 2px; } th:first-child { text-align: left; }
tr.main { background: ${mainGround}; } tr.main th, tr.main td { font-weight: 600; }
tbody th { overflow-wrap: anywhere; min-width: 9rem; }
tbody + tbody { border-top: 2px solid var(--strong-border); }
.gallery { display: grid; grid-template-columns: repeat(4, 1fr); gap: .6rem; }
.gallery h3 { margin: .4rem 0 0; position: sticky; top: 0; background: ${ground}; padding: .2rem 0; }
figure { margin: 0; } img { width: 100%; display: block; image-rendering: pixelated; border-radius: 4px; }
figcaption { font-size: .82rem; color: var(--muted); padding-top: .15rem; overflow-wrap: anywhere; }
.two { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.5rem; }
.three { display: grid; grid-template-columns: repeat(3, 1fr); gap: .4rem 1.2rem; }
svg { max-width: 100%; height: auto; background: none; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: .8rem 0; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
.small { font-size: .85rem; color: var(--muted); }
@media (max-width: 760px) { .two, .three { grid-template-columns: 1fr; } .gallery { grid-template-columns: repeat(2, 1fr); } .gallery h3 { display: none; } }
${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${body}
</body>
</html>
`;
}
