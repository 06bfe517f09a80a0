import type { ScoreName } from '@pffnet/metrics';
import { escapeHtml } from '@pffnet/pages';
import { cellOf, type RunGroup } from './cell.ts';
import type { TrainedRun } from './read-runs.ts';
import { number } from './table-text.ts';

/** The scores of the first table. */
const columns: readonly (readonly [score: ScoreName, title: string])[] = [
  ['aji', 'AJI'],
  ['ajiOnceLegacy', 'AJI as in the paper'],
  ['dice', 'Dice'],
  ['f1', 'F1'],
  ['pq', 'PQ'],
];

/** What was trained, each network on each data set in a row: the page begins with it. */
export function ownRuns(groups: readonly RunGroup[], untested: readonly TrainedRun[]): string {
  const bySet = [...groups].sort((a, b) => compare(a.protocolTitle, b.protocolTitle));
  const tested = bySet.map((group) => {
    const scores = columns.map(([score]) => {
      const cell = cellOf(group, score);
      return cell === null ? '–' : `${number(cell.mean, 3)} ± ${number(cell.std, 3)}`;
    });
    return row(group.title, [
      group.protocolTitle,
      group.scale.preset,
      String(group.scale.iterations),
      String(group.runs.length),
      ...scores,
    ]);
  });
  const others = untested.map((run) => {
    const { preset, training } = run.config;
    const known = [run.facts.data.folder, preset, String(training.iterations), '1'];
    return row(run.folder, known, `no test images; best validation AJI ${bestValidation(run)}`);
  });
  const heads = ['data set', 'preset', 'steps', 'runs', ...columns.map(([, title]) => title)];
  return `<section id="ours"><h2>What was trained</h2>
<div class="wide"><table><thead><tr><th scope="col">network</th>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${[...tested, ...others].join('')}</tbody></table></div>
<p class="small">Means ± standard deviations over test images. The two AJIs differ in how they treat predictions that fit several objects; only the second can be compared with the paper’s.</p></section>`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function row(name: string, cells: readonly string[], rest?: string): string {
  const last = rest === undefined ? '' : `<td colspan="${columns.length}" class="absence">${escapeHtml(rest)}</td>`;
  return `<tr><th scope="row">${escapeHtml(name)}</th>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}${last}</tr>`;
}

function bestValidation({ log }: TrainedRun): string {
  const values = log.flatMap(({ kind, aji }) => (kind === 'validation' && typeof aji === 'number' ? [aji] : []));
  return values.length === 0 ? 'unknown' : number(Math.max(...values), 3);
}
