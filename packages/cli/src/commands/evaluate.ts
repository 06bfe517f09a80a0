import { listImages, readLabelMap, writeAtomically } from '@pffnet/datasets';
import {
  type ImageScores,
  pairedTTest,
  scoreImage,
  scoreNames,
  type ScorePolicy,
  summarise,
  type Summary,
} from '@pffnet/metrics';
import { DataError } from '@pffnet/tensor-ops/structures';
import { Command, Option } from 'commander';
import type { Call } from '../call.ts';
import { say, withProgress } from '../console-output.ts';
import { counted } from '../counted.ts';
import { exitCode } from '../exit-code.ts';
import { outputFile, withRequired } from '../options.ts';
import { scoresCsv, scoresJson, scoreText, textTable, warningLines } from '../scores-text.ts';
import { picturesBeside } from '../write-prediction.ts';

interface EvaluateOptions {
  readonly pred: string;
  readonly truth: string;
  readonly compare?: string;
  readonly json?: string;
  readonly csv?: string;
  readonly emptyAs: ScorePolicy['emptyAs'];
  readonly cvpppStrict?: true;
}

const compared = ['aji', 'dice', 'f1', 'pq'] as const;

/** Two methods on the same images: means, and the probability of so large a difference if the first is not better. */
interface Comparison {
  readonly other: Summary;
  readonly p: Readonly<Record<(typeof compared)[number], number | null>>;
}

const explanation = `
Label maps of any tool: grey PNG or TIFF, 0 = background, every other value one object. Files are matched by name,
whatever their extension; pictures that predict writes beside its label maps are passed over.

Examples:
  pffnet evaluate --pred predicted --truth cells/labels --csv scores.csv
  pffnet evaluate --pred predicted --truth cells/labels --json - | jq .mean.aji
  pffnet evaluate --pred ours --truth cells/labels --compare theirs`;

/** `pffnet evaluate`. */
export function evaluateCommand(call: Call): Command {
  const command = withRequired(new Command('evaluate').description('score label maps of any tool against the truth'), [
    ['--pred <dir>', 'predicted label maps'],
    ['--truth <dir>', 'true label maps of the same names'],
  ]);
  return command
    .option('--json <file>', 'write all scores as JSON; - for standard output', outputFile)
    .option('--csv <file>', 'write one row per image')
    .option('--compare <dir>', 'label maps of another method: one-tailed paired t-test that --pred is better')
    .addOption(
      new Option('--empty-as <policy>', 'how scores of images without any object enter the means')
        .choices(['one', 'zero', 'skip'])
        .default('skip'),
    )
    .option(
      '--cvppp-strict',
      'count objects as the CVPPP evaluation does: the smallest label is background, gaps count',
    )
    .addHelpText('after', explanation)
    .action(async (options: EvaluateOptions) => {
      await evaluate(options);
      call.finish(exitCode.done);
    });
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const policy: ScorePolicy = {
    emptyAs: options.emptyAs,
    numbering: options.cvpppStrict === true ? 'cvppp-strict' : 'objects',
  };
  const summary = summarise(await scoreFolder(options.pred, options.truth, policy), policy);
  const comparison =
    options.compare === undefined
      ? undefined
      : compare(summary, summarise(await scoreFolder(options.compare, options.truth, policy), policy));
  for (const warning of warningLines(summary)) say(warning);
  if (options.csv !== undefined) await writeAtomically(options.csv, utf8(scoresCsv(summary.images)));
  const json = { ...scoresJson(summary), ...(comparison === undefined ? {} : { comparison: comparison.p }) };
  const text = `${JSON.stringify(json, null, 2)}\n`;
  if (options.json === '-') {
    process.stdout.write(text);
    return;
  }
  if (options.json !== undefined) await writeAtomically(options.json, utf8(text));
  process.stdout.write(scoreTable(summary));
  if (comparison !== undefined) process.stdout.write(`\n${comparisonTable(summary, comparison, options)}`);
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

async function scoreFolder(predicted: string, truth: string, policy: ScorePolicy): Promise<ImageScores[]> {
  const predictions = await labelFiles(predicted);
  const truths = await labelFiles(truth);
  const missing = [...truths.keys()].filter((name) => !predictions.has(name));
  if (missing.length > 0) {
    throw new DataError(
      `${predicted} lacks ${missing.length} of the ${truths.size} label maps of ${truth}: ${someOf(missing)}; predict them, or keep the truth of the others in a folder of its own`,
    );
  }
  const extra = [...predictions.keys()].filter((name) => !truths.has(name));
  if (extra.length > 0) say(`${predicted}: left out, for want of a truth in ${truth}: ${someOf(extra)}`);
  return withProgress('scoring', truths.size, async (progress) => {
    const images: ImageScores[] = [];
    for (const [name, file] of truths) {
      const prediction = predictions.get(name) ?? '';
      images.push(scoreImage(name, await readLabelMap(prediction), await readLabelMap(file), policy));
      progress.update(images.length, name);
    }
    return images;
  });
}

const someOf = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');

/** Label maps of a folder by name, without the pictures that `predict` wrote beside them. */
async function labelFiles(folder: string): Promise<Map<string, string>> {
  const files = new Map((await listImages(folder)).map(({ name, path }) => [name, path]));
  for (const name of [...files.keys()]) {
    for (const ending of picturesBeside) files.delete(`${name}_${ending}`);
  }
  return files;
}

/** One-tailed paired t-tests (the paper's Table III) over the images where both scores are defined. */
function compare(summary: Summary, other: Summary): Comparison {
  const p = {} as Record<(typeof compared)[number], number | null>;
  for (const score of compared) {
    const pairs = summary.images
      .map((scores, index) => [scores[score], other.images[index][score]] as const)
      .filter((pair): pair is readonly [number, number] => pair[0] !== null && pair[1] !== null);
    p[score] = pairedTTest(
      pairs.map(([a]) => a),
      pairs.map(([, b]) => b),
    ).p;
  }
  return { other, p };
}

function scoreTable({ policy, images, mean, std }: Summary): string {
  const empty = policy.emptyAs === 'skip' ? 'left out of the means' : `counted as ${policy.emptyAs}`;
  const numbering = policy.numbering === 'cvppp-strict' ? '; objects numbered as by CVPPP' : '';
  const rows = scoreNames.map((name) => [name, scoreText(mean[name]), scoreText(std[name])]);
  return `${counted(images.length, 'image')}; undefined scores are ${empty}${numbering}\n\n${textTable([['', 'mean', 'std'], ...rows])}`;
}

function comparisonTable({ mean }: Summary, { other, p }: Comparison, options: EvaluateOptions): string {
  const rows = compared.map((name) => [
    name,
    scoreText(mean[name]),
    scoreText(other.mean[name]),
    p[name] === null ? 'undefined' : p[name].toPrecision(3),
  ]);
  return textTable([['mean', options.pred, options.compare ?? '', 'p'], ...rows]).concat(
    `p: one-tailed paired t-test; how probable so large a difference is if ${options.pred} is not better\n`,
  );
}
