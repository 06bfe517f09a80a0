import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, overlay, writeAtomically, writeImage, writeLabelMap } from '@pffnet/datasets';
import { defaultPolicy, summarise, type Summary } from '@pffnet/metrics';
import { decodeModel } from '@pffnet/pffnet';
import { predictAndScore, type RunFolder } from '@pffnet/training';
import { say, withProgress } from './console-output.ts';
import { scoresCsv, scoresJson, scoresLine, warningLines } from './scores-text.ts';

/** Predicts a run's test images with its best weights: label maps and overlays, `metrics.json`, `metrics.csv`. */
export async function scoreRun(run: RunFolder, dataset: Dataset, names: readonly string[]): Promise<Summary> {
  const model = decodeModel(await readFile(run.bestWeights), run.bestWeights);
  const folder = join(run.path, 'predictions');
  await mkdir(folder, { recursive: true });
  try {
    const images = await withProgress('testing', names.length, async (progress) => {
      const scored = [];
      for await (const { sample, prediction, scores } of predictAndScore(model, dataset, names)) {
        await writeLabelMap(join(folder, `${sample.name}.png`), prediction.labels);
        await writeImage(join(folder, `${sample.name}_overlay.png`), overlay(sample.image, prediction.labels));
        scored.push(scores);
        progress.update(scored.length, sample.name);
      }
      return scored;
    });
    const summary = summarise(images, defaultPolicy);
    await run.writeJson('metrics.json', scoresJson(summary));
    await writeAtomically(join(run.path, 'metrics.csv'), new TextEncoder().encode(scoresCsv(summary.images)));
    for (const warning of warningLines(summary)) say(warning);
    say(`${names.length} test images: ${scoresLine(summary.mean)}; every score in ${join(run.path, 'metrics.csv')}`);
    return summary;
  } finally {
    model.scope.dispose();
  }
}
