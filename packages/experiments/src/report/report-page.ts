import { counted, escapeHtml, page } from '@pffnet/pages';
import type { RunGroup } from './cell.ts';
import { htmlPValues, htmlTable, tableStyle } from './html-table.ts';
import type { OverlayRow } from './overlays.ts';
import { boxPlot, colours, curvesPlot, rankingPlot } from './plots.ts';
import { ownRuns } from './own-runs.ts';
import { pValueHeading } from './p-value-text.ts';
import type { PValueTable } from './p-values.ts';
import type { Ranking } from './ranking.ts';
import type { RunsRead } from './read-runs.ts';
import type { ReportTable } from './report-table.ts';
import { scaleText } from './scale.ts';

/** All that a report shows. */
export interface Report {
  readonly runs: RunsRead;
  readonly groups: readonly RunGroup[];
  readonly tables: readonly ReportTable[];
  readonly pValues: readonly PValueTable[];
  readonly overlays: ReadonlyMap<string, readonly OverlayRow[]>;
  readonly rankings: readonly Ranking[];
}

/** The report as one page that holds everything, pictures and plots too: what was trained first, then the paper's tables. */
export function reportPage(report: Report): string {
  const { runs, groups, tables, pValues } = report;
  const scaled = groups.filter(({ scale }) => scale.lacks.length > 0).length;
  const warning =
    scaled === 0
      ? ''
      : `<p class="warning">${scaled} of ${groups.length} rows of data sets ${scaled === 1 ? 'is' : 'are'} SCALED DOWN and cannot stand for the paper’s.</p>`;
  const papers = tables.flatMap((table): Chapter[] => [
    { name: table.name, heading: table.heading, html: htmlTable(table), ours: holdsOurs(table) },
    ...(table.name === 'table-ii' ? [pValueChapter(pValues)] : []),
  ]);
  const [filled, empty] = [papers.filter(({ ours }) => ours), papers.filter(({ ours }) => !ours)];
  const body = [
    `<p class="lead">${leadOf(report)}</p>`,
    warning,
    missing(runs),
    contents(groups.length > 0, filled, empty),
    ownRuns(groups, runs.untested),
    ...(groups.length > 0 ? figures(report) : []),
    ...filled.map(({ html }) => html),
    ...(groups.length > 0 ? [`<section id="runs"><h2>What produced each number</h2>${runList(groups)}</section>`] : []),
    foldedTables(empty),
  ];
  return page('PFFNet: what was trained, beside the paper', body.join('\n'), tableStyle);
}

const holdsOurs = ({ rows }: ReportTable): boolean => rows.some(({ cells }) => cells.some(({ ours }) => ours !== null));

function leadOf({ runs, groups }: Report): string {
  const trained = counted(runs.finished.length + runs.untested.length, 'run');
  const networks = counted(new Set(groups.map(({ variant }) => variant)).size, 'network');
  const sets = counted(new Set(groups.map(({ protocol }) => protocol)).size, 'data set');
  return `${trained}${groups.length > 0 ? `: ${networks} on ${sets}` : ''}, beside the numbers of Liu et al. 2021.`;
}

/** A table of the paper as a part of the page. */
interface Chapter {
  readonly name: string;
  readonly heading: string;
  readonly html: string;
  /** Whether any number in it is ours. */
  readonly ours: boolean;
}

const pValueChapter = (tables: readonly PValueTable[]): Chapter => ({
  name: 'table-iii',
  heading: pValueHeading,
  html: htmlPValues(tables),
  ours: tables.some(({ rows }) => rows.some(({ ours }) => ours !== null)),
});

const link = (name: string, text: string): string => `<a href="#${name}">${escapeHtml(text)}</a>`;

function contents(tested: boolean, filled: readonly Chapter[], empty: readonly Chapter[]): string {
  const own = [
    ['boxes', 'Boxes'],
    ['pictures', 'Pictures'],
    ['curves', 'Curves'],
    ['quality', 'Quality'],
  ] as const;
  return `<nav>${[
    link('ours', 'What was trained'),
    ...(tested ? own.map(([name, text]) => link(name, text)) : []),
    ...filled.map(({ name, heading }) => link(name, heading.split(':')[0])),
    ...(tested ? [link('runs', 'Runs')] : []),
    ...(empty.length > 0 ? [link('empty', 'Other tables')] : []),
  ].join('')}</nav>`;
}

/** Tables of the paper without runs of ours, folded. */
function foldedTables(tables: readonly Chapter[]): string {
  if (tables.length === 0) return '';
  const names = tables.map(({ heading }) => heading.split(':')[0]).join(', ');
  return `<details id="empty"><summary>Tables of the paper that hold nothing of ours: ${escapeHtml(names)}</summary>${tables.map(({ html }) => html).join('\n')}</details>`;
}

function figures({ groups, overlays, rankings }: Report): string[] {
  const dataSets = [...new Map(groups.map(({ protocol, protocolTitle }) => [protocol, protocolTitle]))].map(
    ([protocol, title]) => ({ protocol, title, here: groups.filter((group) => group.protocol === protocol) }),
  );
  return [
    '<section id="boxes"><h2>Scores over test images (as Fig. 6)</h2>',
    ...dataSets.map(
      ({ title, here }) =>
        `${dataSet(title, here)}${key(here)}${boxPlot(here)}<p class="small">Median, quartiles, and 1.5 times their distance; points lie outside.</p>`,
    ),
    '</section><section id="pictures"><h2>Test images (as Fig. 5, 7, 8 and 9)</h2>',
    ...dataSets.map(({ protocol, title, here }) => `${dataSet(title, here)}${pictures(overlays.get(protocol) ?? [])}`),
    '</section><section id="curves"><h2>Learning</h2>',
    ...dataSets.map(({ title, here }) => curves(title, here)),
    `</section><section id="quality"><h2>Does mask quality rank better than the class score?</h2>${rankingSection(rankings)}</section>`,
  ];
}

function missing({ unfinished }: RunsRead): string {
  if (unfinished.length === 0) return '';
  const runs = unfinished.map(({ folder, state }) => `${folder} (${state})`).join(', ');
  return `<p class="warning">${escapeHtml(`Not finished, and not in the tables: ${runs}.`)}</p>`;
}

/** The head of a data set's figures: a figure of scaled-down runs says so too. */
function dataSet(title: string, groups: readonly RunGroup[]): string {
  const scaled = groups.filter(({ scale }) => scale.lacks.length > 0).length;
  const which = scaled === groups.length ? '' : ` (${scaled} of ${counted(groups.length, 'network')})`;
  return `<h3>${escapeHtml(title)}${scaled === 0 ? '' : ` ${scaledDown(which)}`}</h3>`;
}

const scaledDown = (which = ''): string => `<a class="scaled" href="#runs">SCALED DOWN${which}</a>`;

const key = (groups: readonly RunGroup[]): string =>
  `<p class="key">${groups
    .map(({ title }, at) => `<span><i style="background:${colours(groups.length)[at]}"></i>${escapeHtml(title)}</span>`)
    .join('')}</p>`;

function pictures(rows: readonly OverlayRow[]): string {
  const figure = ({ caption, address }: OverlayRow['pictures'][number]): string =>
    address === null
      ? `<figure><figcaption>${escapeHtml(caption)}: no picture</figcaption></figure>`
      : `<figure><img src="${address}" alt="${escapeHtml(caption)}"><figcaption>${escapeHtml(caption)}</figcaption></figure>`;
  return `<div class="overlays">${rows.map(({ pictures: of }) => `<div>${of.map(figure).join('')}</div>`).join('')}</div>`;
}

function curves(title: string, groups: readonly RunGroup[]): string {
  const plots = [
    ['Weighted total of all losses', curvesPlot(groups, 'total', false)],
    ['AJI on validation images', curvesPlot(groups, 'aji', true)],
  ].flatMap(([head, plot]) => (plot === null ? [] : [`<div><h4>${head}</h4>${plot}</div>`]));
  return `${dataSet(title, groups)}${key(groups)}<div class="two">${plots.join('')}</div><p class="small">The first run of each network; losses are means of neighbouring steps. Networks have different terms: totals tell of convergence, not of who is better.</p>`;
}

function rankingSection(rankings: readonly Ranking[]): string {
  if (rankings.length === 0) return '<p>No run has a quality branch.</p>';
  const correlation = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
  const rows = rankings.map(
    ({ title, protocolTitle, scaledDown: isScaled, instances, byClass, byQuality, byProduct, gain }) => {
      const interval =
        gain.estimate === null
          ? '–'
          : `${correlation(gain.estimate)} [${correlation(gain.low)}, ${correlation(gain.high)}]`;
      return `<tr><th scope="row">${escapeHtml(`${title}, ${protocolTitle}`)}${isScaled ? ` ${scaledDown()}` : ''}</th>${[String(instances.length), ...[byClass, byQuality, byProduct].map(correlation), interval].map((text) => `<td>${text}</td>`).join('')}</tr>`;
    },
  );
  const plots = rankings
    .filter(({ instances }) => instances.length > 0)
    .slice(0, 6)
    .map(
      ({ title, protocolTitle, instances }) =>
        `<div><h4>${escapeHtml(`${title}, ${protocolTitle}`)}</h4><div class="two">${rankingPlot(instances, 'classScore')}${rankingPlot(instances, 'quality')}</div></div>`,
    );
  return `<p class="small">Spearman’s rank correlation of a score with the true IoU (best fit with any true object), over the objects that were kept. The last column is quality’s minus the class score’s, with a 95 % bootstrap interval over images: above 0, quality ranks better.</p>
<div class="wide"><table><thead><tr><th></th><th scope="col">objects</th><th scope="col">class score</th><th scope="col">quality</th><th scope="col">product</th><th scope="col">gain</th></tr></thead><tbody>${rows.join('')}</tbody></table></div><div class="two">${plots.join('')}</div>`;
}

const runList = (groups: readonly RunGroup[]): string =>
  `<ul class="notes">${groups
    .map(
      ({ title, protocolTitle, scale, runs }) =>
        `<li><strong>${escapeHtml(`${title}, ${protocolTitle}`)}</strong>: ${escapeHtml(scaleText(scale))}; commit ${runs[0].facts.commit?.slice(0, 10) ?? 'none'}</li>`,
    )
    .join('')}</ul>`;
