import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

const fileName =
  /^(?<network>.+)-fold(?<fold>\d+)-seed(?<seed>\d+)(?:-(?<budget>equal-time))?-(?<rule>preset|tuned|quality-nms)\.csv$/;

/**
 * The test scores of runs, from a folder of `<network>-fold<fold>-seed<seed>[-equal-time]-<rule>.csv`, each written by
 * `pffnet evaluate --csv` or by a run.
 * @param {URL} folder
 * @returns {{ network: string, fold: string, seed: string, budget: string, rule: string,
 *   scores: Map<string, Record<string, string>> }[]} scores by image; the budget is `equal-steps` by default
 */
export function runsIn(folder) {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const { groups } = fileName.exec(file) ?? {};
      if (groups === undefined) return [];
      return [{ ...groups, budget: groups.budget ?? 'equal-steps', scores: scoresIn(new URL(file, folder)) }];
    });
}

/** The patient of each image, from a CSV with columns `name` and `patient`. */
export function patientsIn(file) {
  return new Map(rowsOf(file).map(({ name, patient }) => [name, patient]));
}

/** The rows of a CSV of scores, by image. */
export function scoresIn(file) {
  return new Map(rowsOf(file).map((row) => [row.name, row]));
}

function rowsOf(file) {
  return parse(readFileSync(file, 'utf8'), { columns: true, comment: '#' });
}
