import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, type Sample, writeAtomically, writeImage, writeLabelMap, writeOverlay } from '@pffnet/datasets';
import { bestIou, defaultPolicy, overlapTable, summarise, type Summary } from '@pffnet/metrics';
import { decodeNetwork } from '@pffnet/families';
import type { Prediction } from '@pffnet/network';
import { predictAndScore } from '@pffnet/training';
import type { RunFacts, RunFolder } from '@pffnet/run-folder';
import { stringify } from 'csv-stringify/sync';
import { counted } from '@pffnet/pages';
import { scoresCsv, scoresJson, scoresLine, warningLines } from '@pffnet/evaluation';
import { type Listener, nobody } from '@pffnet/structures';
import { runPage } from './page/run-page.ts';

/** A trained run and the images to test it on. */
export interface ScoringRequest {
  readonly run: RunFolder;
  readonly facts: RunFacts;
  readonly dataset: Dataset;
  /** The step of the best weights. */
  readonly bestStep: number;
  readonly listener?: Listener;
}

/**
 * Predicts a run's test images with its best weights: label maps and pictures in `predictions/`, `metrics.csv`,
 * `instances.csv`, `index.html` with all of it, and `metrics.json`.
 */
export async function scoreRun({ run, facts, dataset, bestStep, listener = nobody }: ScoringRequest): Promise<Summary> {
  const names = facts.data.test;
  const network = decodeNetwork(await readFile(run.bestWeights), run.bestWeights);
  const folder = join(run.path, 'predictions');
  await mkdir(folder, { recursive: true });
  const excluded = network.predictor().excludesAll(network.config.test);
  if (excluded !== null) listener.say(excluded);
  const instances: InstanceRow[] = [];
  try {
    const images = await listener.follow('testing', names.length, async (progress) => {
      const scored = [];
      for await (const { sample, prediction, scores } of predictAndScore(network, dataset, names)) {
        await writeLabelMap(join(folder, `${sample.name}.png`), prediction.labels);
        await writeImage(join(folder, `${sample.name}_image.png`), sample.image);
        await writeOverlay(join(folder, `${sample.name}_overlay.png`), sample.image, prediction.labels);
        await writeOverlay(join(folder, `${sample.name}_truth.png`), sample.image, sample.labels);
        instances.push(...instanceRows(sample, prediction));
        scored.push(scores);
        progress.update(scored.length, sample.name);
      }
      return scored;
    });
    const summary = summarise(images, defaultPolicy);
    await writeAtomically(join(run.path, 'metrics.csv'), scoresCsv(summary.images));
    await writeAtomically(join(run.path, 'instances.csv'), stringify([[...instanceColumns], ...instances]));
    const log = await run.readLog();
    const seconds = log.reduce(
      (total, entry) => total + (typeof entry['seconds'] === 'number' ? entry['seconds'] : 0),
      0,
    );
    const time = `${(seconds / 60).toFixed(1)} minutes of training steps, validation apart`;
    const page = runPage({ config: network.config, facts, bestStep, time, log, test: summary });
    await writeAtomically(join(run.path, 'index.html'), page);
    // Last: a run that has it is finished.
    await run.writeJson('metrics.json', scoresJson(summary));
    for (const warning of warningLines(summary)) listener.say(warning);
    listener.say(
      `${counted(names.length, 'test image')}: ${scoresLine(summary.mean)}; see ${join(run.path, 'index.html')}`,
    );
    return summary;
  } finally {
    network.scope.dispose();
  }
}

const instanceColumns = ['image', 'id', 'area', 'classScore', 'quality', 'confidence', 'iou'] as const;
type InstanceRow = [string, number, number, number | null, number | null, number | null, number];

/** What the network thought of each object of an image, and how well it really fits: its best IoU with a true one. */
function instanceRows({ name, labels }: Sample, prediction: Prediction): InstanceRow[] {
  const table = overlapTable(prediction.labels, labels);
  const iou = bestIou(table);
  const indexOf = new Map([...table.predictedIds].map((id, index) => [id, index]));
  return prediction.instances.map(({ id, area, classScore, quality, confidence }) => {
    const index = indexOf.get(id);
    return [name, id, area, classScore, quality, confidence, index === undefined ? 0 : iou[index]];
  });
}
