import { absent, addedGround, escapeHtml, ground, warning as caution } from '@pffnet/pages';
import { warningOf } from './notes.ts';
import { comparedTitles, pValueHeading, pValueLegend, pValueTexts } from './p-value-text.ts';
import type { PValueTable } from './p-values.ts';
import type { ReportCell, ReportColumn, ReportTable } from './report-table.ts';
import { cellText, columnGroups, legend } from './table-text.ts';

/** Rules for the tables of a report. */
export const tableStyle = `body { max-width: 1240px; }
.wide { overflow-x: auto; } .wide table { max-width: none; width: auto; }
.wide { font-size: .82rem; margin-bottom: 1rem; } .wide th, .wide td { white-space: nowrap; padding: .25rem .4rem; }
.wide tbody th { min-width: 8rem; max-width: 12rem; white-space: normal; } td .ours { white-space: normal; min-width: 7.4rem; } .wide tbody th { position: sticky; left: 0; background: ${ground}; } .wide thead tr:first-child th { text-align: center; border-left: 1px solid var(--strong-border); }
td .paper { color: var(--muted); } td .ours { font-weight: 600; } td .difference { font-size: .8rem; color: var(--muted); }
td .none { color: ${absent}; } td div:empty { display: none; }
a.scaled { font-size: .72rem; font-weight: 600; color: ${caution.ink}; background: ${caution.ground}; padding: .1rem .4rem; border-radius: 3px; text-decoration: none; }
td.scaled .ours { font-weight: 400; font-style: italic; }
th.added, td.added { background: ${addedGround}; }
.warning { background: ${caution.ground}; border-left: 4px solid ${caution.edge}; padding: .4rem .8rem; font-weight: 600; }
.absence { font-size: .8rem; color: var(--muted); font-weight: 400; }
.notes { font-size: .82rem; color: var(--ink); padding-left: 1.2rem; } nav a { margin-right: .9rem; }
.overlays { display: grid; gap: 1.4rem; } .overlays > div { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: .5rem; }
.key span { display: inline-block; margin-right: 1rem; font-size: .85rem; } .key i { display: inline-block; width: .8rem; height: .8rem; margin-right: .35rem; border-radius: 2px; }
`;

/** Columns that fit beside each other on a page of 1,280 pixels. */
const COLUMNS = 8;

/** The table as HTML; what is too wide for a page stands in blocks below each other, data sets undivided if they fit. */
export function htmlTable(table: ReportTable): string {
  const warning = warningOf(table.notes);
  return `<section id="${table.name}"><h2>${escapeHtml(table.heading)}</h2>
${warning === null ? '' : `<p class="warning">${escapeHtml(warning)}</p>`}
${columnBlocks(table.columns)
  .map((block) => `<div class="wide">${blockTable(table, block)}</div>`)
  .join('\n')}
<p class="small">${legend}</p>
<ul class="notes">${[
    ...table.notes.map(({ mark, text }) => `<li><sup>${mark}</sup> ${escapeHtml(text)}</li>`),
    ...table.remarks.map((remark) => `<li>${escapeHtml(remark)}</li>`),
  ].join('')}</ul></section>`;
}

/** Columns from one index to before another. */
interface Block {
  readonly from: number;
  readonly to: number;
}

/** Divides columns into blocks of at most {@link COLUMNS}; a data set that has more is divided evenly. */
export function columnBlocks(columns: readonly ReportColumn[]): Block[] {
  const blocks: Block[] = [];
  let start = 0;
  for (const { count } of columnGroups(columns)) {
    const parts = Math.ceil(count / COLUMNS);
    for (let part = 0; part < parts; part++) {
      const [from, to] = [part, part + 1].map((end) => start + Math.round((end * count) / parts));
      const last = blocks.at(-1);
      if (last !== undefined && to - last.from <= COLUMNS) blocks[blocks.length - 1] = { from: last.from, to };
      else blocks.push({ from, to });
    }
    start += count;
  }
  return blocks;
}

const classOfAdded = (added: boolean): string => (added ? ' class="added"' : '');

function blockTable(table: ReportTable, { from, to }: Block): string {
  const columns = table.columns.slice(from, to);
  const scaled = new Set(table.notes.filter(({ scaledDown }) => scaledDown).map(({ mark }) => mark));
  const cell = (of: ReportCell, at: number): string => {
    const { paper, ours, mark, difference } = cellText(of);
    const classes = [...(scaled.has(mark) ? ['scaled'] : []), ...(columns[at].added ? ['added'] : [])].join(' ');
    const oursText = ours === '' ? '' : `${escapeHtml(ours)} <sup>${mark}</sup>`;
    return `<td${classes === '' ? '' : ` class="${classes}"`}><div class="paper">${columns[at].added ? '' : paper}</div><div class="ours">${oursText}</div><div class="difference">${difference}</div></td>`;
  };
  const rows = table.rows.map(({ label, absence, cells }) => {
    const why = absence === null ? '' : `<div class="absence">${escapeHtml(absence)}</div>`;
    return `<tr><th scope="row">${escapeHtml(label)}${why}</th>${cells.slice(from, to).map(cell).join('')}</tr>`;
  });
  const sets = columnGroups(columns).map(
    ({ title, count, added }) =>
      `<th scope="colgroup" colspan="${count}"${classOfAdded(added)}>${escapeHtml(title)}${added ? ' <span class="absence">not in the paper</span>' : ''}</th>`,
  );
  const heads = columns.map(({ head, added }) => `<th scope="col"${classOfAdded(added)}>${escapeHtml(head)}</th>`);
  return `<table><thead><tr><th></th>${sets.join('')}</tr><tr><th></th>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** Table III as HTML: the paper's data set, then ours. */
export function htmlPValues(tables: readonly PValueTable[]): string {
  const parts = tables.map(({ title, rows, notes }) => {
    const warning = warningOf(notes);
    const scaled = new Set(notes.filter(({ scaledDown }) => scaledDown).map(({ mark }) => mark));
    const body = rows.map((row) => {
      const why =
        row.quotedFrom === null
          ? ''
          : `<div class="absence">quoted by the paper from ${escapeHtml(row.quotedFrom)}</div>`;
      const classes = row.marks.some((mark) => scaled.has(mark)) ? ' class="scaled"' : '';
      const cells = pValueTexts(row).map(({ paper, ours, holm, difference }) => {
        const oursText =
          ours === '' ? '' : `${ours} <span class="absence">${holm}</span> <sup>${row.marks.join(' ')}</sup>`;
        return `<td${classes}><div class="paper">${paper}</div><div class="ours">${oursText}</div><div class="difference">${difference}</div></td>`;
      });
      return `<tr><th scope="row">${escapeHtml(row.label)}${why}</th>${cells.join('')}</tr>`;
    });
    return `<h3>${escapeHtml(title)}</h3>
${warning === null ? '' : `<p class="warning">${escapeHtml(warning)}</p>`}
<div class="wide"><table><thead><tr><th></th>${comparedTitles.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>
<ul class="notes">${notes.map(({ mark, text }) => `<li><sup>${mark}</sup> ${escapeHtml(text)}</li>`).join('')}</ul>`;
  });
  return `<section id="table-iii"><h2>${escapeHtml(pValueHeading)}</h2><p class="small">${escapeHtml(pValueLegend)}</p>${parts.join('')}</section>`;
}
