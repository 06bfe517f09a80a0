/*
 * Compares two networks over patients, images and seeds together:
 *   node tools/compare-seeds.mjs <patients.csv> <metrics.csv of seed 0,of seed 1,…> <of the other network, same seeds>
 * patients.csv has columns `name` and `patient`; a metrics.csv is what a run writes about its test images. Prints, for each
 * score, both means over images and seeds and their difference with its 95 % interval (mixed bootstrap, seeded). Needs
 * `npm run build` beforehand.
 */
import { meanDifference, meanOf } from './results/statistics.mjs';
import { patientsIn, scoresIn } from './results/runs.mjs';

const SCORES = ['aji', 'pq', 'dq', 'sq', 'f1', 'dice'];

const [patientsFile, ours, theirs] = process.argv.slice(2);
if (theirs === undefined) {
  console.error('expected: node tools/compare-seeds.mjs <patients.csv> <metrics.csv,…> <metrics.csv,…>');
  process.exit(2);
}
const patientOf = patientsIn(patientsFile);
const [our, their] = [ours, theirs].map((files) => files.split(',').map(scoresIn));
const names = [...our[0].keys()];
const patients = new Set(names.map((name) => patientOf.get(name)));
const signed = (value) => (value < 0 ? '' : '+') + value.toFixed(3);
console.log(`${names.length} images of ${patients.size} patients, ${our.length} seeds each\n`);
console.log('| score | first | second | difference | 95 % interval |\n| --- | --- | --- | --- | --- |');
for (const score of SCORES) {
  const { estimate, low, high } = meanDifference(our, their, patientOf, score);
  const [first, second] = [our, their].map((seeds) => meanOf(seeds, score));
  console.log(
    `| ${score} | ${first.toFixed(3)} | ${second.toFixed(3)} | ${signed(estimate)} | ${signed(low)} to ${signed(high)} |`,
  );
}
