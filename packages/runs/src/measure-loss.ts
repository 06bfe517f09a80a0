import type { Dataset } from '@pffnet/datasets';
import { readModel } from '@pffnet/models';
import { defaultPolicy, summarise } from '@pffnet/metrics';
import { type Listener, nobody } from '@pffnet/structures';
import { predictAndScore } from '@pffnet/training';
import { loadModel, type TestSettings } from './load-model.ts';

/** Mean scores of one model over some images. */
export interface MeanScores {
  readonly aji: number | null;
  readonly pq: number | null;
}

/** What packing cost. */
export interface PackingLoss {
  readonly images: number;
  readonly before: MeanScores;
  readonly packed: MeanScores;
}

/**
 * Scores a model before and after it was packed on the same images, by the same rule.
 * @param model - a run folder or a weights file.
 * @param packed - the file that was made from it.
 * @param names - images of the data set.
 */
export async function measureLoss(
  { model, packed, changes }: { readonly model: string; readonly packed: string; readonly changes: TestSettings },
  dataset: Dataset,
  names: readonly string[],
  listener: Listener = nobody,
): Promise<PackingLoss> {
  const score = (title: string, open: () => ReturnType<typeof readModel>): Promise<MeanScores> =>
    listener.follow(title, names.length, async (progress) => {
      const { network } = await open();
      try {
        const images = [];
        for await (const { sample, scores } of predictAndScore(network, dataset, names)) {
          images.push(scores);
          progress.update(images.length, sample.name);
        }
        const { mean } = summarise(images, defaultPolicy);
        return { aji: mean.aji, pq: mean.pq };
      } finally {
        network.scope.dispose();
      }
    });
  const before = await score('before packing', () => loadModel(model, changes));
  return { images: names.length, before, packed: await score('packed', () => readModel(packed)) };
}
