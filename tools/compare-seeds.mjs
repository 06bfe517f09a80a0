/*
 * Compares two networks over patients, images and seeds together:
 *   node tools/compare-seeds.mjs <patients.csv> <metrics.csv of seed 0,of seed 1,…> <of the other network, same seeds>
 * patients.csv has columns `name` and `patient`; a metrics.csv is what a run writes about its test images. Prints, for each
 * score, both means over images and seeds and their difference with its 95 % interval (mixed bootstrap, seeded). Needs
 * `npm run build` beforehand.
 */
import { readFile } from 'node:fs/promises';
import { mixedBootstrapInterval } from '@pffnet/metrics';
import { randomStream } from '@pffnet/structures';
import { parse } from 'csv-parse/sync';

const SCORES = ['aji', 'pq', 'dq', 'sq', 'f1', 'dice'];

const [patientsFile, ours, theirs] = process.argv.slice(2);
if (theirs === undefined) {
  console.error('expected: node tools/compare-seeds.mjs <patients.csv> <metrics.csv,…> <metrics.csv,…>');
  process.exit(2);
}
const rowsOf = async (file) => parse(await readFile(file, 'utf8'), { columns: true });
const patientOf = new Map((await rowsOf(patientsFile)).map(({ name, patient }) => [name, patient]));
/** Scores by image of each seed; the summary rows at the end of a file are of no patient. */
const seedsOf = (files) =>
  Promise.all(
    files
      .split(',')
      .map(
        async (file) =>
          new Map((await rowsOf(file)).filter(({ name }) => patientOf.has(name)).map((row) => [row.name, row])),
      ),
  );
const [our, their] = [await seedsOf(ours), await seedsOf(theirs)];
const names = [...our[0].keys()];
const same =
  our.length === their.length &&
  [...our, ...their].every((seed) => names.length === seed.size && names.every((name) => seed.has(name)));
if (!same || names.length === 0) {
  console.error('expected the same images in every file, and as many seeds of one network as of the other');
  process.exit(2);
}

const byPatient = new Map();
for (const name of names) {
  const patient = patientOf.get(name);
  byPatient.set(patient, [...(byPatient.get(patient) ?? []), name]);
}
const signed = (value) => (value < 0 ? '' : '+') + value.toFixed(3);
console.log(`${names.length} images of ${byPatient.size} patients, ${our.length} seeds each\n`);
console.log('| score | first | second | difference | 95 % interval |\n| --- | --- | --- | --- | --- |');
for (const score of SCORES) {
  // An image whose score is undefined for one of them says nothing about the difference.
  const defined = names.filter((name) => [...our, ...their].every((seed) => seed.get(name)[score] !== ''));
  const mean = (seeds) =>
    seeds.flatMap((seed) => defined.map((name) => Number(seed.get(name)[score]))).reduce((a, b) => a + b, 0) /
    (seeds.length * defined.length);
  const observations = [...byPatient.values()].map((images) =>
    images
      .filter((name) => defined.includes(name))
      .map((name) => our.map((seed, at) => Number(seed.get(name)[score]) - Number(their[at].get(name)[score]))),
  );
  const { estimate, low, high } = mixedBootstrapInterval(observations, { stream: randomStream(0, `compare/${score}`) });
  console.log(
    `| ${score} | ${mean(our).toFixed(3)} | ${mean(their).toFixed(3)} | ${signed(estimate)} | ${signed(low)} to ${signed(high)} |`,
  );
}
