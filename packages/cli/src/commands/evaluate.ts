import { shippedSplits, writeAtomically } from '@pffnet/datasets';
import { type ScoreName, scoreNames, type ScorePolicy } from '@pffnet/metrics';
import { ConfigError } from '@pffnet/tensor-ops/structures';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Call, commandLine } from '../call.ts';
import { say } from '../console-output.ts';
import { evaluateSections } from '../evaluate/evaluation.ts';
import { evaluationCsv, evaluationJson, evaluationText } from '../evaluate/evaluation-text.ts';
import { assertGrouped, imageGroups } from '../evaluate/image-groups.ts';
import { type LabelMapPair, pairLabelMaps } from '../evaluate/pair-label-maps.ts';
import { addSizes, scorePairs } from '../evaluate/score-pairs.ts';
import { imagesByName, showImage, worstOf } from '../evaluate/worst-images.ts';
import { exitCode } from '../exit-code.ts';
import { outputFile, wholeNumber, withRequired } from '../options.ts';
import { evaluationPage } from '../page/evaluation-page.ts';
import { warningLines } from '../scores-text.ts';

interface EvaluateOptions {
  readonly pred: string;
  readonly truth: string;
  readonly predSuffix: string;
  readonly split?: string;
  readonly column?: string;
  readonly group?: string;
  readonly only?: readonly string[];
  readonly compare?: string;
  readonly scores: readonly ScoreName[];
  readonly seed: number;
  readonly json?: string;
  readonly csv?: string;
  readonly html?: string;
  readonly images?: string;
  readonly worst: number;
  readonly emptyAs: ScorePolicy['emptyAs'];
  readonly cvpppStrict?: true;
}

/** Scores that say how good a prediction is; counts do not. */
const comparable = scoreNames.filter((name) => !/Count$|ountDifference$/.test(name));

const explanation = `
Label maps of any tool: grey PNG, TIFF or NPY, 0 = background, every other value one object. Files are matched by name,
whatever their extension; pictures that predict writes beside its label maps are passed over.

Examples:
  pffnet evaluate --pred predicted --truth cells/labels --csv scores.csv
  pffnet evaluate --pred predicted --truth cells/labels --json - | jq .mean.aji
  pffnet evaluate --pred predicted --truth cells/labels --html scores.html --images cells/images
  pffnet evaluate --pred ours --truth cells/labels --compare theirs
  pffnet evaluate --pred ours --truth kumar/labels --split kumar --only test --group group`;

/** `pffnet evaluate`. */
export function evaluateCommand(call: Call): Command {
  const command = withRequired(new Command('evaluate').description('score label maps of any tool against the truth'), [
    ['--pred <dir>', 'predicted label maps'],
    ['--truth <dir>', 'true label maps of the same names'],
  ]);
  return command
    .option('--pred-suffix <text>', "what predicted names end in beyond the truth's, such as _cp_masks", '')
    .option('--split <source>', `${shippedSplits.join(', ')}, a CSV file with a column \`name\`, or a folder of lists`)
    .option('--only <part...>', 'of the split: score these parts alone, such as test')
    .option('--column <name>', 'of the split: where --only looks; fold or part unless told')
    .option('--group <column>', 'of the split: scores for each value of this column too, such as seen and unseen')
    .option('--compare <dir>', 'label maps of another method: is --pred better? Two tests, corrected, and intervals')
    .option('--scores <names>', `what to compare, by commas: ${comparable.join(', ')}`, scoreList, [
      'aji',
      'dice',
      'f1',
      'pq',
    ])
    .option('--seed <n>', 'start of the random stream behind the intervals', wholeNumber, 0)
    .option('--json <file>', 'write all scores as JSON; - for standard output', outputFile)
    .option('--csv <file>', 'write one row per image')
    .option('--html <file>', 'write a page: scores, how they spread, the worst images with their errors')
    .option('--images <dir>', 'with --html: the images behind the label maps, to draw the errors over')
    .option('--worst <n>', 'with --html: how many images to show', wholeNumber, 6)
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
      await evaluate(options, call);
      call.finish(exitCode.done);
    });
}

async function evaluate(options: EvaluateOptions, { args }: Call): Promise<void> {
  const { truth, pred, compare, predSuffix: suffix } = options;
  const policy: ScorePolicy = {
    emptyAs: options.emptyAs,
    numbering: options.cvpppStrict === true ? 'cvppp-strict' : 'objects',
  };
  const groups = await imageGroups(options);
  const predictions = compare === undefined ? [pred] : [pred, compare];
  const pairs = await pairLabelMaps({ truth, predictions, suffix, counts: groups.counts });
  assertGrouped(
    pairs.map(({ name }) => name),
    groups,
    options,
  );
  const imageOf = await imageFiles(options, pairs);
  const methods = await scorePairs(pairs, policy);
  const [ours, theirs] = [methods[0] ?? [], methods.at(1)];
  const sections = evaluateSections({ ours, theirs, groupOf: groups.groupOf, policy, plan: options });
  for (const line of warningLines(sections[0].summary)) say(line);

  if (options.csv !== undefined) await writeText(options.csv, evaluationCsv(sections, groups.groupOf));
  if (options.html !== undefined) {
    const worst = [];
    for (const scores of worstOf(sections[0].summary.images, options.worst)) {
      const pair = pairs.find(({ name }) => name === scores.name);
      if (pair !== undefined) worst.push(await showImage(scores, pair, imageOf.get(pair.name)));
    }
    const html = evaluationPage({ names: options, command: commandLine(args), sections, sizes: addSizes(ours), worst });
    await writeText(options.html, html);
  }
  const json = `${JSON.stringify(evaluationJson(sections, groups.groupOf, options, options), null, 2)}\n`;
  if (options.json !== undefined && options.json !== '-') await writeText(options.json, json);
  process.stdout.write(options.json === '-' ? json : evaluationText(sections, options));
}

async function imageFiles(
  { html, images }: EvaluateOptions,
  pairs: readonly LabelMapPair[],
): Promise<ReadonlyMap<string, string>> {
  if (images === undefined) return new Map();
  if (html === undefined) throw new ConfigError('--images is for the pictures of --html; give the page a file too');
  return imagesByName(
    images,
    pairs.map(({ name }) => name),
  );
}

const writeText = (path: string, text: string): Promise<void> => writeAtomically(path, new TextEncoder().encode(text));

function scoreList(text: string): ScoreName[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !comparable.some((known) => known === name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(
      `There is no score '${unknown}' to compare; expected some of ${comparable.join(', ')}.`,
    );
  }
  return [...new Set(names)] as ScoreName[];
}
