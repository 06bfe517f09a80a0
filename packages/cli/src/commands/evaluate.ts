import { listImages, readLabelMap } from '@pffnet/datasets';
import { type ImageScores, pairedTTest, type ScorePolicy, scoreImage, summarise } from '@pffnet/metrics';
import { DataError } from '@pffnet/tensor-ops/structures';
import { Command, Option } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { exitCode } from '../exit-code.ts';
import { scoresCsv, scoreText } from '../scores-text.ts';

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

/** `pffnet evaluate`. */
export function evaluateCommand(finish: (code: number) => void): Command {
  return new Command('evaluate')
    .description('score label maps of any tool against the truth')
    .requiredOption('--pred <dir>', 'predicted label maps')
    .requiredOption('--truth <dir>', 'true label maps of the same names')
    .option('--compare <dir>', 'label maps of another method: one-tailed paired t-test that --pred is better')
    .option('--json <file>', 'write all scores as JSON; - for standard output')
    .option('--csv <file>', 'write one row per image')
    .addOption(
      new Option('--empty-as <policy>', 'how undefined scores enter the means')
        .choices(['one', 'zero', 'skip'])
        .default('skip'),
    )
    .option(
      '--cvppp-strict',
      'count objects as the CVPPP evaluation does: the smallest label is background, gaps count',
    )
    .action(async (options: EvaluateOptions) => {
      await evaluate(options);
      finish(exitCode.done);
    });
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const policy: ScorePolicy = {
    emptyAs: options.emptyAs,
    numbering: options.cvpppStrict === true ? 'cvppp-strict' : 'objects',
  };
  const images = await scoreFolder(options.pred, options.truth, policy);
  const summary = summarise(images, policy);
  const comparison =
    options.compare === undefined
      ? undefined
      : compare(images, await scoreFolder(options.compare, options.truth, policy));
  if (options.csv !== undefined) await writeFileAtomic(options.csv, scoresCsv(images));
  const json = `${JSON.stringify(comparison === undefined ? summary : { ...summary, comparison }, null, 2)}\n`;
  if (options.json !== undefined && options.json !== '-') await writeFileAtomic(options.json, json);
  if (options.json === '-') {
    process.stdout.write(json);
    return;
  }
  const rows = Object.entries(summary.mean).map(
    ([name, mean]) =>
      `${name.padEnd(18)} ${scoreText(mean)}  (std ${scoreText(summary.std[name as keyof typeof summary.std])})`,
  );
  process.stdout.write(`${images.length} images; undefined scores: ${options.emptyAs}\n${rows.join('\n')}\n`);
  for (const [metric, p] of Object.entries(comparison ?? {})) {
    process.stdout.write(`p(${metric} of --pred is not better) = ${p === null ? 'undefined' : p.toPrecision(3)}\n`);
  }
}

async function scoreFolder(predicted: string, truth: string, policy: ScorePolicy): Promise<ImageScores[]> {
  const predictions = await labelFiles(predicted);
  const truths = await labelFiles(truth);
  const images: ImageScores[] = [];
  for (const [name, file] of truths) {
    const prediction = predictions.get(name);
    if (prediction === undefined)
      throw new DataError(
        `${predicted}: there is no label map ${name}; expected one for each of the ${truths.size} in ${truth}`,
      );
    images.push(scoreImage(name, await readLabelMap(prediction), await readLabelMap(file), policy));
  }
  return images;
}

/** Label maps of a folder by name; overlays that `predict` wrote beside them are passed over. */
async function labelFiles(folder: string): Promise<Map<string, string>> {
  const files = (await listImages(folder)).filter(({ name }) => !/_(overlay|semantic|fused)$/.test(name));
  return new Map(files.map(({ name, path }) => [name, path]));
}

/** p-values of the paper's Table III: one-tailed paired t-tests over the images where both scores are defined. */
function compare(images: readonly ImageScores[], others: readonly ImageScores[]): Record<string, number | null> {
  return Object.fromEntries(
    compared.map((metric) => {
      const pairs = images
        .map((scores, index) => [scores[metric], others[index][metric]] as const)
        .filter((pair): pair is readonly [number, number] => pair[0] !== null && pair[1] !== null);
      return [
        metric,
        pairedTTest(
          pairs.map(([a]) => a),
          pairs.map(([, b]) => b),
        ).p,
      ];
    }),
  );
}
