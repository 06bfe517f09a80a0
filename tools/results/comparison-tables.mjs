import { markdownTable, numbers, withBlocks } from '../markdown.mjs';
import { meanDifference, meanOf, meanScore } from './statistics.mjs';

/**
 * A page with its tables written anew. Between `<!-- pairs: <budget> <rule> -->` and `<!-- /pairs -->` stands PFFNet beside Mask
 * R-CNN, fold by fold; between `<!-- systems: <budget> <rule> -->` and `<!-- /systems -->` every network of fold 0, seed 0,
 * beside PFFNet.
 * @param {string} page Markdown
 * @param {ReturnType<import('./runs.mjs').runsIn>} runs
 * @param {Map<string, string>} patientOf the patient of each image
 */
export function withComparisonTables(page, runs, patientOf) {
  const tables = { pairs: pairsTable, systems: systemsTable };
  return Object.entries(tables).reduce(
    (text, [kind, tableOf]) =>
      withBlocks(text, kind, (words) => {
        const [budget, rule] = words.split(' ');
        return tableOf(scoredUnder(runs, budget, rule), patientOf);
      }),
    page,
  );
}

/**
 * The runs of one budget under one rule. PFFNet's number of steps is the measure of equal processor time, so that its runs
 * at equal steps belong to both budgets.
 */
export function scoredUnder(runs, budget, rule) {
  return runs.filter(
    (run) => run.rule === rule && (run.budget === budget || (run.network === 'pffnet' && run.budget === 'equal-steps')),
  );
}

/** The folds and seeds of which both networks have a run; the scores of a seed hold all its folds. */
export function pairsOf(runs, network, other) {
  const of = (name) => runs.filter((run) => run.network === name);
  const shared = of(network).flatMap((our) => {
    const their = of(other).find(({ fold, seed }) => fold === our.fold && seed === our.seed);
    return their === undefined ? [] : [{ fold: our.fold, seed: our.seed, ours: our.scores, theirs: their.scores }];
  });
  const folds = [...new Set(shared.map(({ fold }) => fold))].sort();
  return folds.map((fold) => {
    const seeds = shared.filter((pair) => pair.fold === fold);
    return {
      fold,
      seeds: seeds.map(({ seed }) => seed),
      ours: seeds.map(({ ours }) => ours),
      theirs: seeds.map(({ theirs }) => theirs),
    };
  });
}

/** All folds as one; only the seeds that every fold has count. */
export function joinedFolds(pairs) {
  const seeds = pairs[0].seeds.filter((seed) => pairs.every((pair) => pair.seeds.includes(seed)));
  const joined = (side) =>
    seeds.map((seed) => new Map(pairs.flatMap((pair) => [...pair[side][pair.seeds.indexOf(seed)]])));
  return { fold: 'all', seeds, ours: joined('ours'), theirs: joined('theirs') };
}

function pairsTable(runs, patientOf) {
  const pairs = pairsOf(runs, 'pffnet', 'mask-rcnn');
  if (pairs.length === 0) return 'No pair of runs yet.';
  const rows = pairs.length === 1 ? pairs : [...pairs, joinedFolds(pairs)];
  return table(
    [
      'fold',
      'images',
      'patients',
      'seeds',
      ...['AJI', 'PQ'].flatMap((score) => [`${score} PFFNet`, `${score} Mask R-CNN`, 'difference']),
    ],
    rows.map(({ fold, seeds, ours, theirs }) => {
      const images = [...ours[0].keys()];
      return [
        fold,
        images.length,
        new Set(images.map((image) => patientOf.get(image))).size,
        seeds.join(', '),
        ...['aji', 'pq'].flatMap((score) => [
          plain(meanOf(ours, score)),
          plain(meanOf(theirs, score)),
          withInterval(meanDifference(ours, theirs, patientOf, score), signed),
        ]),
      ];
    }),
  );
}

function systemsTable(runs, patientOf) {
  const systems = runs.filter(({ fold, seed }) => fold === '0' && seed === '0');
  const reference = systems.find(({ network }) => network === 'pffnet');
  if (reference === undefined) return 'No run of PFFNet yet.';
  const rows = systems
    .map(({ network, scores }) => ({ network, scores, aji: meanScore([scores], patientOf, 'aji') }))
    .sort((a, b) => b.aji.estimate - a.aji.estimate)
    .map(({ network, scores, aji }) => [
      `\`${network}\``,
      withInterval(aji, plain),
      withInterval(meanScore([scores], patientOf, 'pq'), plain),
      ...['dq', 'sq', 'f1', 'dice'].map((score) => plain(meanOf([scores], score))),
      network === 'pffnet' ? '' : withInterval(meanDifference([reference.scores], [scores], patientOf, 'aji'), signed),
    ]);
  return table(['network', 'AJI', 'PQ', 'DQ', 'SQ', 'F1', 'Dice', 'AJI of PFFNet less its own'], rows);
}

const table = (heads, rows) => markdownTable(heads, rows, numbers(heads));

const plain = (value) => value.toFixed(3);
const signed = (value) => (value < 0 ? '' : '+') + value.toFixed(3);
const withInterval = ({ estimate, low, high }, shown) => `${shown(estimate)} (${shown(low)} to ${shown(high)})`;
