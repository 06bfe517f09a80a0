import { type ChannelChoice, writeAtomically } from '@pffnet/datasets';
import type { ScoreName, ScorePolicy } from '@pffnet/metrics';
import { ConfigError } from '@pffnet/structures';
import {
  addSizes,
  assertGrouped,
  evaluateSections,
  evaluationCsv,
  evaluationJson,
  evaluationText,
  type GroupOptions,
  imageGroups,
  imagesByName,
  type LabelMapPair,
  pairLabelMaps,
  scorePairs,
  showImage,
  type ShownImage,
  truthFolder,
  warningLines,
  worstOf,
} from '@pffnet/evaluation';
import type { TestImages } from '@pffnet/runs';
import { picturesBeside } from '@pffnet/runs/picture-endings';
import { type Call, commandLine } from '../call.ts';
import { say, terminal } from '../console-output.ts';

/** The options that say how images are scored. */
export interface PolicyOptions {
  readonly emptyAs: ScorePolicy['emptyAs'];
  readonly cvpppStrict?: true;
}

/** The options of `evaluate` without `--tune`. */
export interface ScoreOptions extends GroupOptions, PolicyOptions {
  readonly run?: string;
  readonly pred?: string;
  readonly truth?: string;
  readonly predSuffix?: string;
  readonly compare?: string;
  readonly scores: readonly ScoreName[];
  readonly seed?: number;
  readonly json?: string;
  readonly csv?: string;
  readonly html?: string;
  readonly images?: string;
  readonly channel?: ChannelChoice;
  readonly worst: number;
}

/** The rules of scoring that the options ask for. */
export const policyOf = ({ emptyAs, cvpppStrict }: PolicyOptions): ScorePolicy => ({
  emptyAs,
  numbering: cvpppStrict === true ? 'cvppp-strict' : 'objects',
});

/** Scores label maps, and writes and prints what was asked for. */
export async function scoreLabelMaps(options: ScoreOptions, { args }: Call): Promise<void> {
  const { compare, predSuffix: suffix = '' } = options;
  const { pred, truth, readImage } = await subjectOf(options);
  const policy = policyOf(options);
  const plan = { scores: options.scores, seed: options.seed ?? 0 };
  const groups = await imageGroups(options, truth.names);
  const { groupOf } = groups;
  const predictions = compare === undefined ? [pred] : [pred, compare];
  const pairs = await pairLabelMaps({
    truth,
    predictions,
    suffix,
    counts: groups.counts,
    pictures: picturesBeside,
    say,
  });
  const names = pairs.map(({ name }) => name);
  assertGrouped(names, groups, options);
  const imageOf = (await imageReader(options, names)) ?? readImage;
  const methods = await scorePairs(pairs, { truth: truth.source, predictions }, policy, terminal);
  const [ours, theirs] = [methods[0] ?? [], methods.at(1)];
  const sections = evaluateSections({ ours, theirs, groupOf, policy, plan });
  for (const line of warningLines(sections[0].summary)) say(line);

  const titles = { pred, truth: truth.source, ...(compare === undefined ? {} : { compare }) };
  if (options.csv !== undefined) await writeText(options.csv, evaluationCsv(sections, groupOf));
  if (options.html !== undefined) {
    const worst = await showWorst(worstOf(sections[0].summary.images, options.worst), pairs, imageOf);
    const { evaluationPage } = await import('@pffnet/evaluation/page');
    const html = evaluationPage({ names: titles, command: commandLine(args), sections, sizes: addSizes(ours), worst });
    await writeText(options.html, html);
  }
  const json = `${JSON.stringify(evaluationJson(sections, groupOf, titles, plan), null, 2)}\n`;
  if (options.json !== undefined && options.json !== '-') await writeText(options.json, json);
  process.stdout.write(options.json === '-' ? json : evaluationText(sections, titles));
}

/** The test images of the run, or the folders that were given: then both were asked for. */
async function subjectOf({ run, pred, truth }: ScoreOptions): Promise<TestImages> {
  if (run !== undefined) {
    const { testOfRun } = await import('@pffnet/runs');
    return testOfRun({ run, pred, truth }, say);
  }
  return { pred: pred ?? '', truth: await truthFolder(truth ?? '', picturesBeside), readImage: null };
}

async function imageReader(
  { html, images, channel }: ScoreOptions,
  names: readonly string[],
): Promise<TestImages['readImage']> {
  if (images === undefined) return null;
  if (html === undefined) throw new ConfigError('--images is for the pictures of --html; give the page a file too');
  return imagesByName(images, names, { channel });
}

async function showWorst(
  worst: ReturnType<typeof worstOf>,
  pairs: readonly LabelMapPair[],
  imageOf: TestImages['readImage'],
): Promise<ShownImage[]> {
  const shown = [];
  for (const scores of worst) {
    const pair = pairs.find(({ name }) => name === scores.name);
    if (pair === undefined) continue;
    shown.push(await showImage(scores, pair, imageOf === null ? null : () => imageOf(pair.name)));
  }
  return shown;
}

const writeText = (path: string, text: string): Promise<void> => writeAtomically(path, new TextEncoder().encode(text));
