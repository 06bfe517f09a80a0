import { writeAtomically } from '@pffnet/datasets/image-files';
import {
  evaluatePanoptic,
  openPanoptic,
  panopticCsv,
  panopticJson,
  panopticOfLabels,
  panopticText,
} from '@pffnet/evaluation/panoptic';
import { picturesBeside } from '@pffnet/runs/picture-endings';
import { say, terminal } from '../console-output.ts';
import type { ScoreOptions } from './evaluate-score.ts';

/** Scores panoptic segmentations, and writes and prints what was asked for. */
export async function scorePanoptic(options: ScoreOptions): Promise<void> {
  const { pred, truth } = await sourcesOf(options);
  const evaluated = await evaluatePanoptic({ prediction: pred, truth, groups: options, listener: terminal });
  const json = `${JSON.stringify(panopticJson(evaluated, { pred: pred.source, truth: truth.source }), null, 2)}\n`;
  if (options.csv !== undefined) await writeAtomically(options.csv, panopticCsv(evaluated));
  if (options.json !== undefined && options.json !== '-') await writeAtomically(options.json, json);
  process.stdout.write(options.json === '-' ? json : panopticText(evaluated));
}

/** The test images of the run, or what was given: then both were asked for. */
async function sourcesOf({ run, pred, truth }: ScoreOptions): Promise<Record<'pred' | 'truth', Source>> {
  if (run === undefined) return { pred: await opened(pred), truth: await opened(truth) };
  const { testOfRun } = await import('@pffnet/runs');
  const test = await testOfRun({ run, pred, truth }, say);
  return { pred: await opened(test.pred), truth: panopticOfLabels(test.truth) };
}

type Source = Awaited<ReturnType<typeof openPanoptic>>;

const opened = (path = ''): Promise<Source> => openPanoptic(path, picturesBeside);
