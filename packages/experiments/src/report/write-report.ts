import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@pffnet/datasets';
import { stringify } from 'csv-stringify/sync';
import { builtVariants } from '../matrix/variants.ts';
import { groupRuns, type RunGroup } from './cell.ts';
import { type OverlayRow, overlayRows } from './overlays.ts';
import { latexPValues, markdownPValues, pValueColumns, pValueRecords } from './p-value-text.ts';
import { pValueTables } from './p-values.ts';
import { rankings } from './ranking.ts';
import { readRuns, type RunsRead } from './read-runs.ts';
import { reportPage } from './report-page.ts';
import { reportTables } from './report-table.ts';
import { latexTable, markdownTable, recordColumns, tableRecords } from './table-text.ts';

/** What a report was made of. */
export interface ReportSummary {
  readonly runs: RunsRead;
  readonly groups: readonly RunGroup[];
  /** The page. */
  readonly page: string;
}

/**
 * Builds the report of all runs below a folder, from their folders alone: `index.html`, and per table `.md`, `.tex` and
 * `.csv`.
 * @throws DataError if there is no run, or runs of one row differ in more than seed and fold.
 */
export async function writeReport(root: string, out: string): Promise<ReportSummary> {
  const runs = await readRuns(root);
  const groups = groupRuns(runs.finished).sort(byPaperOrder);
  const placed = groups.filter(({ ofMatrix }) => ofMatrix);
  const tables = reportTables(placed);
  const pValues = pValueTables(placed);
  const overlays = new Map<string, readonly OverlayRow[]>();
  for (const protocol of new Set(groups.map((group) => group.protocol))) {
    overlays.set(protocol, await overlayRows(groups.filter((group) => group.protocol === protocol)));
  }
  const page = reportPage({ runs, groups, tables, pValues, overlays, rankings: await rankings(groups) });
  await mkdir(join(out, 'tables'), { recursive: true });
  const write = (name: string, text: string): Promise<void> => writeAtomically(join(out, name), text);
  for (const table of tables) {
    await write(join('tables', `${table.name}.md`), markdownTable(table));
    await write(join('tables', `${table.name}.tex`), latexTable(table));
    await write(join('tables', `${table.name}.csv`), stringify([recordColumns, ...tableRecords(table)]));
  }
  await write(join('tables', 'table-iii.md'), markdownPValues(pValues));
  await write(join('tables', 'table-iii.tex'), latexPValues(pValues));
  await write(join('tables', 'table-iii.csv'), stringify([pValueColumns, ...pValueRecords(pValues)]));
  await write('index.html', page);
  return { runs, groups, page: join(out, 'index.html') };
}

/** PFFNet first, as in the paper's figures, then the order of the variants. */
function byPaperOrder(a: RunGroup, b: RunGroup): number {
  const place = ({ variant }: RunGroup): number => {
    const at = builtVariants.findIndex(({ name }) => name === variant);
    return at < 0 ? Infinity : at;
  };
  return place(a) - place(b) || 0;
}
