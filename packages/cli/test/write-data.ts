import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Sample, syntheticDataset, writeImage, writeLabelMap } from '@pffnet/datasets';
import type { LabelMap } from '@pffnet/structures';

/** Writes a data set of synthetic cells, `images/` and `labels/`, its label maps changed if asked. */
export async function writeCells(
  folder: string,
  { count, size = 64, relabel = (labels) => labels }: CellOptions,
): Promise<readonly Sample[]> {
  const dataset = syntheticDataset({ count, size, seed: 1 });
  const samples = [];
  for (const name of dataset.names) {
    const { image, labels } = await dataset.load(name);
    samples.push({ name, image, labels: relabel(labels) });
  }
  await writeSamples(folder, samples);
  return samples;
}

export interface CellOptions {
  readonly count: number;
  readonly size?: number;
  readonly relabel?: (labels: LabelMap) => LabelMap;
}

/** Writes samples as a data set. */
export async function writeSamples(folder: string, samples: readonly Sample[]): Promise<void> {
  for (const part of ['images', 'labels']) mkdirSync(join(folder, part), { recursive: true });
  for (const { name, image, labels } of samples) {
    await writeImage(join(folder, 'images', `${name}.png`), image);
    await writeLabelMap(join(folder, 'labels', `${name}.png`), labels);
  }
}

/** A label map with every id replaced. */
export const relabelled =
  (idOf: (id: number) => number) =>
  ({ height, width, data }: LabelMap): LabelMap => ({
    height,
    width,
    data: data.map((id) => (id === 0 ? 0 : idOf(id))),
  });

/** A label map without objects. */
export const emptied = ({ height, width }: LabelMap): LabelMap => ({
  height,
  width,
  data: new Uint32Array(height * width),
});

/** The pixel of each object that comes first, and nothing else. */
export function onePixelObjects({ height, width, data }: LabelMap): LabelMap {
  const seen = new Set<number>();
  const first = data.map((id) => {
    if (id === 0 || seen.has(id)) return 0;
    seen.add(id);
    return id;
  });
  return { height, width, data: first };
}
