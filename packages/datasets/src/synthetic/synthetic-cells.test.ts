import { describe, expect, test } from '@jest/globals';
import { ConfigError, DataError, labelComponents, type LabelMap, objectIds, randomStream } from '@pffnet/structures';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { readImage } from '../files/read-image.ts';
import { writeImage } from '../files/write-image.ts';
import { syntheticCells } from './synthetic-cells.ts';
import { syntheticDataset } from './synthetic-dataset.ts';

const { path } = temporaryFolder();

const samples = Array.from({ length: 12 }, (_, seed) => syntheticCells({ size: 96, count: [5, 12], seed }));

const areasOf = (labels: LabelMap): number[] =>
  objectIds(labels).map((id) => labels.data.reduce((area, other) => area + (other === id ? 1 : 0), 0));

const meanColour = (sample: (typeof samples)[number], inside: boolean): number[] => {
  const sums = [0, 0, 0];
  let count = 0;
  sample.labels.data.forEach((id, pixel) => {
    if ((id !== 0) !== inside) return;
    count++;
    sums.forEach((sum, channel) => (sums[channel] = sum + sample.image.data[pixel * 3 + channel]!));
  });
  return sums.map((sum) => sum / count);
};

const foreground = ({ height, width, data }: LabelMap): LabelMap => ({
  height,
  width,
  data: data.map((id) => (id === 0 ? 0 : 1)),
});

describe('syntheticCells', () => {
  test('numbers its cells 1..n without gaps, as many as asked', () => {
    for (const { labels } of samples) {
      const ids = objectIds(labels);
      expect(ids).toEqual(ids.map((_, index) => index + 1));
      expect(ids.length).toBeGreaterThanOrEqual(5);
      expect(ids.length).toBeLessThanOrEqual(12);
    }
    expect(new Set(samples.map(({ labels }) => objectIds(labels).length)).size).toBeGreaterThan(2);
  });

  test('keeps every cell in sight, in one piece', () => {
    for (const { labels } of samples) {
      for (const area of areasOf(labels)) expect(area).toBeGreaterThanOrEqual(30);
      for (const id of objectIds(labels)) {
        const mask = labels.data.map((other) => (other === id ? 1 : 0));
        expect(objectIds(labelComponents({ ...labels, data: mask }, 4))).toEqual([1]);
      }
    }
  });

  test('lets cells touch', () => {
    const touching = samples.filter(
      ({ labels }) => objectIds(labelComponents(foreground(labels), 8)).length < objectIds(labels).length,
    );
    expect(touching.length).toBeGreaterThan(6);
  });

  test('stains nuclei blue-purple on a pink ground', () => {
    for (const sample of samples) {
      const [red, green, blue] = meanColour(sample, true) as [number, number, number];
      const [groundRed, groundGreen, groundBlue] = meanColour(sample, false) as [number, number, number];
      expect(blue).toBeGreaterThan(red);
      expect(red).toBeGreaterThan(green - 10);
      expect(groundRed).toBeGreaterThan(groundGreen + 10);
      expect(groundRed).toBeGreaterThan(groundBlue - 15);
      expect(groundRed - red).toBeGreaterThan(40);
    }
  });

  test('cannot be told from the background by one grey value', () => {
    const counts = [new Float64Array(257), new Float64Array(257)] as const; // background, nuclei
    for (const { image, labels } of samples) {
      labels.data.forEach((id, pixel) => counts[id === 0 ? 0 : 1][image.data[pixel * 3]!]!++);
    }
    const total = counts[1].reduce((sum, count) => sum + count, 0);
    let [falsely, truly, best] = [0, 0, 0];
    for (let grey = 0; grey < 256; grey++) {
      falsely += counts[0][grey]!;
      truly += counts[1][grey]!;
      best = Math.max(best, truly / (total + falsely));
    }
    // The overlap of "darker than a threshold" with the nuclei, at the best threshold.
    expect(best).toBeGreaterThan(0.4);
    expect(best).toBeLessThan(0.8);
  });

  test('gives whole values, so that a PNG keeps them', async () => {
    const { image } = samples[0]!;
    await writeImage(path('cells.png'), image);
    expect(await readImage(path('cells.png'))).toEqual(image);
  });

  test('repeats with the seed or the stream, and only then', () => {
    const look = { size: 48, count: [2, 4] } as const;
    expect(syntheticCells({ ...look, seed: 5 })).toEqual(syntheticCells({ ...look, seed: 5 }));
    expect(syntheticCells({ ...look, seed: 5 })).not.toEqual(syntheticCells({ ...look, seed: 6 }));
    const [a, b] = [0, 1].map(() => syntheticCells({ ...look, stream: randomStream(5, 'cells') }));
    expect(a).toEqual(b);
  });

  test('can be empty', () => {
    expect(objectIds(syntheticCells({ size: 32, count: [0, 0], seed: 1 }).labels)).toEqual([]);
  });

  test('says that so many cells do not fit', async () => {
    const [kind, message] = await refusal(() => syntheticCells({ size: 32, count: [200, 200], seed: 1 }));
    expect(kind).toBe(ConfigError);
    expect(message).toMatch(
      /^syntheticCells: only \d+ of 200 cells fit into 32 x 32 pixels; expected fewer or smaller cells$/,
    );
  });

  test.each([
    [{ size: 0, count: [1, 2] }, 'size 0, count 1 to 2, radius 6 to 12'],
    [{ size: 64, count: [3, 2] }, 'size 64, count 3 to 2, radius 6 to 12'],
    [{ size: 64, count: [1, 2], radius: [9, 4] }, 'size 64, count 1 to 2, radius 9 to 4'],
  ] as const)('refuses %j', async (options, got) => {
    expect(await refusal(() => syntheticCells({ ...options, seed: 1 }))).toEqual([
      ConfigError,
      `syntheticCells: expected a whole size >= 1, whole counts 0 <= fewest <= most and radii 0 < least <= greatest, got ${got}`,
    ]);
  });
});

describe('syntheticDataset', () => {
  const dataset = syntheticDataset({ count: 3, size: 64, seed: 9 });

  test('names its images in order', () => {
    expect(dataset.names).toEqual(['synthetic_000', 'synthetic_001', 'synthetic_002']);
  });

  test('draws an image from seed and name alone', async () => {
    const longer = syntheticDataset({ count: 30, size: 64, seed: 9 });
    await longer.load('synthetic_007');
    expect(await longer.load('synthetic_002')).toEqual(await dataset.load('synthetic_002'));
    expect((await dataset.load('synthetic_001')).labels).not.toEqual((await dataset.load('synthetic_002')).labels);
    expect((await dataset.load('synthetic_001')).name).toBe('synthetic_001');
  });

  test('refuses an image that it does not have', async () => {
    expect(await refusal(() => dataset.load('synthetic_009'))).toEqual([
      DataError,
      'there is no synthetic image synthetic_009; nearest is synthetic_000',
    ]);
  });
});
