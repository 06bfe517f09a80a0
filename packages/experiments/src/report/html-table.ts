import { escapeHtml } from '../page/html.ts';
import { warningOf } from './notes.ts';
import { comparedTitles, pValueHeading, pValueLegend, pValueTexts } from './p-value-text.ts';
import type { PValueTable } from './p-values.ts';
import type { ReportCell, ReportTable } from './report-table.ts';
import { cellText, columnGroups, legend } from './table-text.ts';

/** Rules for the tables of a report. */
export const tableStyle = `body { max-width: 1240px; }
.wide { overflow-x: auto; } .wide table { max-width: none; width: auto; }
.wide { font-size: .84rem; } .wide th, .wide td { white-space: nowrap; padding: .25rem .5rem; } .wide tbody th { position: sticky; left: 0; background: #fff; } .wide thead tr:first-child th { text-align: center; border-left: 1px solid #c9d1de; }
td .paper { color: #5a6475; } td .ours { font-weight: 600; } td .difference { font-size: .8rem; color: #5a6475; }
td .none { color: #aab2bf; } td div:empty { display: none; }
a.scaled { font-size: .72rem; font-weight: 600; color: #8a5a00; background: #fdf1d8; padding: .1rem .4rem; border-radius: 3px; text-decoration: none; }
td.scaled .ours { font-weight: 400; font-style: italic; }
th.added, td.added { background: #fbf7ee; }
.warning { background: #fdf1d8; border-left: 4px solid #d9982b; padding: .4rem .8rem; font-weight: 600; }
.absence { font-size: .8rem; color: #5a6475; font-weight: 400; }
.notes { font-size: .82rem; color: #3c4656; padding-left: 1.2rem; } nav a { margin-right: .9rem; }
.overlays { display: grid; gap: 1.4rem; } .overlays > div { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: .5rem; }
.key span { display: inline-block; margin-right: 1rem; font-size: .85rem; } .key i { display: inline-block; width: .8rem; height: .8rem; margin-right: .35rem; border-radius: 2px; }
`;

/** The table as HTML. */
export function htmlTable(table: ReportTable): string {
  const groups = columnGroups(table.columns);
  const scaled = new Set(table.notes.filter(({ scaledDown }) => scaledDown).map(({ mark }) => mark));
  const added = (is: boolean): string => (is ? ' class="added"' : '');
  const warning = warningOf(table.notes);
  const cell = (of: ReportCell, at: number): string => {
    const { paper, ours, mark, difference } = cellText(of);
    const classes = [...(scaled.has(mark) ? ['scaled'] : []), ...(table.columns[at].added ? ['added'] : [])].join(' ');
    const oursText = ours === '' ? '' : `${escapeHtml(ours)} <sup>${mark}</sup>`;
    return `<td${classes === '' ? '' : ` class="${classes}"`}><div class="paper">${table.columns[at].added ? '' : paper}</div><div class="ours">${oursText}</div><div class="difference">${difference}</div></td>`;
  };
  const rows = table.rows.map(({ label, absence, cells }) => {
    const why = absence === null ? '' : `<div class="absence">${escapeHtml(absence)}</div>`;
    return `<tr><th scope="row">${escapeHtml(label)}${why}</th>${cells.map(cell).join('')}</tr>`;
  });
  return `<section id="${table.name}"><h2>${escapeHtml(table.heading)}</h2>
${warning === null ? '' : `<p class="warning">${escapeHtml(warning)}</p>`}
<div class="wide"><table><thead><tr><th></th>${groups
    .map(
      ({ title, count, added: is }) =>
        `<th scope="colgroup" colspan="${count}"${added(is)}>${escapeHtml(title)}${is ? ' <span class="absence">not in the paper</span>' : ''}</th>`,
    )
    .join('')}</tr><tr><th></th>${table.columns
    .map(({ head, added: is }) => `<th scope="col"${added(is)}>${escapeHtml(head)}</th>`)
    .join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>
<p class="small">${legend}</p>
<ul class="notes">${[
    ...table.notes.map(({ mark, text }) => `<li><sup>${mark}</sup> ${escapeHtml(text)}</li>`),
    ...table.remarks.map((remark) => `<li>${escapeHtml(remark)}</li>`),
  ].join('')}</ul></section>`;
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
