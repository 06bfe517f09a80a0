import { type ChannelChoice, writeAtomically } from '@pffnet/datasets/image-files';
import type { ScoreName, ScorePolicy } from '@pffnet/metrics';
import { ConfigError } from '@pffnet/structures';
import {
  addSizes,
  evaluateLabelMaps,
  evaluationCsv,
  evaluationJson,
  evaluationText,
  type GroupOptions,
  showWorst,
  truthFolder,
  warningLines,
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
  const { compare, predSuffix: suffix = '', images: folder, channel } = options;
  if (folder !== undefined && options.html === undefined) {
    throw new ConfigError('--images is for the pictures of --html; give the page a file too');
  }
  const { pred, truth, readImage } = await subjectOf(options);
  const plan = { scores: options.scores, seed: options.seed ?? 0 };
  const evaluated = await evaluateLabelMaps({
    truth,
    predictions: compare === undefined ? [pred] : [pred, compare],
    suffix,
    groups: options,
    policy: policyOf(options),
    plan,
    pictures: picturesBeside,
    ...(folder === undefined ? {} : { images: { folder, channel } }),
    listener: terminal,
  });
  const { sections, groupOf, ours } = evaluated;
  for (const line of warningLines(sections[0].summary)) say(line);

  const titles = { pred, truth: truth.source, ...(compare === undefined ? {} : { compare }) };
  if (options.csv !== undefined) await writeAtomically(options.csv, evaluationCsv(sections, groupOf));
  if (options.html !== undefined) {
    const worst = await showWorst(evaluated, options.worst, evaluated.readImage ?? readImage);
    const { evaluationPage } = await import('@pffnet/evaluation/page');
    const html = evaluationPage({ names: titles, command: commandLine(args), sections, sizes: addSizes(ours), worst });
    await writeAtomically(options.html, html);
  }
  const json = `${JSON.stringify(evaluationJson(sections, groupOf, titles, plan), null, 2)}\n`;
  if (options.json !== undefined && options.json !== '-') await writeAtomically(options.json, json);
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
