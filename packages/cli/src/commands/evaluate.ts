import { shippedSplits, writeAtomically } from '@pffnet/datasets';
import { type ScoreName, scoreNames, type ScorePolicy } from '@pffnet/metrics';
import { ConfigError } from '@pffnet/structures';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Call, commandLine } from '../call.ts';
import { say } from '../console-output.ts';
import { evaluateSections } from '../evaluate/evaluation.ts';
import { evaluationCsv, evaluationJson, evaluationText } from '../evaluate/evaluation-text.ts';
import { assertGrouped, type GroupOptions, imageGroups } from '../evaluate/image-groups.ts';
import { type LabelMapPair, pairLabelMaps } from '../evaluate/pair-label-maps.ts';
import { addSizes, scorePairs } from '../evaluate/score-pairs.ts';
import { imagesByName, showImage, type ShownImage, worstOf } from '../evaluate/worst-images.ts';
import { exitCode } from '../exit-code.ts';
import { labelFiles } from '../label-files.ts';
import { outputFile, refuseMissing, wholeNumber, withComputeOptions } from '../options.ts';
import { evaluationPage } from '../page/evaluation-page.ts';
import { warningLines } from '../scores-text.ts';
import { type TuneOptions, tuneModel } from './evaluate-tune.ts';

interface PolicyOptions {
  readonly emptyAs: ScorePolicy['emptyAs'];
  readonly cvpppStrict?: true;
}

interface ScoreOptions extends GroupOptions, PolicyOptions {
  readonly pred: string;
  readonly truth: string;
  readonly predSuffix?: string;
  readonly compare?: string;
  readonly scores: readonly ScoreName[];
  readonly seed?: number;
  readonly json?: string;
  readonly csv?: string;
  readonly html?: string;
  readonly images?: string;
  readonly worst: number;
}

/** Either of the command's two tasks. */
type EvaluateOptions =
  (ScoreOptions & { readonly tune?: undefined }) | (TuneOptions & PolicyOptions & { readonly tune: true });

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
  pffnet evaluate --pred ours --truth kumar/labels --split kumar --only test --group group
  pffnet evaluate --tune --model runs/first --out tuned.json`;

/** `pffnet evaluate`. */
export function evaluateCommand(call: Call): Command {
  const command = new Command('evaluate')
    .description('score label maps of any tool against the truth; or tune how a network predicts')
    .usage(
      '--pred <dir> --truth <dir> [options]\n       pffnet evaluate --tune --model <run|file> --out <file> [options]',
    );
  const toScore = [
    new Option('--pred <dir>', 'predicted label maps'),
    new Option('--truth <dir>', 'true label maps of the same names'),
  ];
  const toTune = [
    new Option('--model <run|file>', 'a run folder (its best weights) or a weights file'),
    new Option('--out <file>', 'where the best settings go, for predict --settings'),
  ];
  for (const option of toScore) command.addOption(option);
  command
    .option('--pred-suffix <text>', "what predicted names end in beyond the truth's, such as _cp_masks")
    .option('--split <source>', `${shippedSplits.join(', ')}, a CSV file with a column \`name\`, or a folder of lists`)
    .option('--only <part...>', 'of the split: these parts alone, such as test')
    .option('--column <name>', 'of the split: where --only looks; fold or part unless told')
    .option('--group <column>', 'of the split: scores for each value of this column too, such as seen and unseen')
    .option('--compare <dir>', 'label maps of another method: is --pred better? Two tests, corrected, and intervals')
    .addOption(
      new Option('--scores <names>', `what to compare, by commas: ${comparable.join(', ')}`)
        .argParser(scoreList)
        .default(scoreList(usuallyCompared), usuallyCompared),
    )
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
    .option(
      '--tune',
      'search the thresholds of prediction that score best on validation images; needs the options below',
    )
    .optionsGroup('Options of --tune:');
  for (const option of toTune) command.addOption(option);
  command
    .option('--data <dir>', "data set of the images; the run's own, with its validation images, unless told")
    .option('--by <score>', 'the score to be high', oneScore, 'aji');
  return withComputeOptions(command)
    .addHelpText('after', explanation)
    .action(async (options: EvaluateOptions) => {
      refuseMissing(command, options.tune === true ? toTune : toScore);
      if (options.tune === true) {
        call.finish(await tuneModel(options, policyOf(options)));
        return;
      }
      await score(options, call);
      call.finish(exitCode.done);
    });
}

const policyOf = ({ emptyAs, cvpppStrict }: PolicyOptions): ScorePolicy => ({
  emptyAs,
  numbering: cvpppStrict === true ? 'cvppp-strict' : 'objects',
});

async function score(options: ScoreOptions, { args }: Call): Promise<void> {
  const { truth, pred, compare, predSuffix: suffix = '' } = options;
  const policy = policyOf(options);
  const plan = { scores: options.scores, seed: options.seed ?? 0 };
  const groups = await imageGroups(options, [...(await labelFiles(truth)).keys()]);
  const { groupOf } = groups;
  const predictions = compare === undefined ? [pred] : [pred, compare];
  const pairs = await pairLabelMaps({ truth, predictions, suffix, counts: groups.counts });
  const names = pairs.map(({ name }) => name);
  assertGrouped(names, groups, options);
  const imageOf = await imageFiles(options, names);
  const methods = await scorePairs(pairs, policy);
  const [ours, theirs] = [methods[0] ?? [], methods.at(1)];
  const sections = evaluateSections({ ours, theirs, groupOf, policy, plan });
  for (const line of warningLines(sections[0].summary)) say(line);

  if (options.csv !== undefined) await writeText(options.csv, evaluationCsv(sections, groupOf));
  if (options.html !== undefined) {
    const worst = await showWorst(worstOf(sections[0].summary.images, options.worst), pairs, imageOf);
    const html = evaluationPage({ names: options, command: commandLine(args), sections, sizes: addSizes(ours), worst });
    await writeText(options.html, html);
  }
  const json = `${JSON.stringify(evaluationJson(sections, groupOf, options, plan), null, 2)}\n`;
  if (options.json !== undefined && options.json !== '-') await writeText(options.json, json);
  process.stdout.write(options.json === '-' ? json : evaluationText(sections, options));
}

async function imageFiles(
  { html, images }: ScoreOptions,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (images === undefined) return new Map();
  if (html === undefined) throw new ConfigError('--images is for the pictures of --html; give the page a file too');
  return imagesByName(images, names);
}

async function showWorst(
  worst: ReturnType<typeof worstOf>,
  pairs: readonly LabelMapPair[],
  imageOf: ReadonlyMap<string, string>,
): Promise<ShownImage[]> {
  const shown = [];
  for (const scores of worst) {
    const pair = pairs.find(({ name }) => name === scores.name);
    if (pair !== undefined) shown.push(await showImage(scores, pair, imageOf.get(pair.name)));
  }
  return shown;
}

const writeText = (path: string, text: string): Promise<void> => writeAtomically(path, new TextEncoder().encode(text));

const usuallyCompared = 'aji,dice,f1,pq';
const scoreList = (text: string): ScoreName[] => [...new Set(text.split(',').map((name) => oneScore(name.trim())))];

function oneScore(text: string): ScoreName {
  const known = comparable.find((name) => name === text);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(
    `There is no score '${text}' that can be compared; expected ${comparable.join(', ')}.`,
  );
}
