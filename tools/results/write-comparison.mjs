/*
 * Writes the tables and the figure of a comparison in docs/results anew, from the CSV files beside its page:
 *   node tools/results/write-comparison.mjs docs/results/tnbc-comparison
 * Needs `npm run build` beforehand.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withComparisonTables } from './comparison-tables.mjs';
import { drawComparison } from './draw-comparison.mjs';
import { patientsIn, runsIn } from './runs.mjs';

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('expected: node tools/results/write-comparison.mjs <folder>');
  process.exit(2);
}
const folder = pathToFileURL(`${resolve(path)}/`);
const runs = runsIn(folder);
const patientOf = patientsIn(new URL('../../packages/datasets/splits/tnbc.csv', import.meta.url));
const page = new URL('README.md', folder);
writeFileSync(page, withComparisonTables(readFileSync(page, 'utf8'), runs, patientOf));
writeFileSync(new URL('differences.svg', folder), drawComparison(runs, patientOf));
