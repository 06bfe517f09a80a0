import { afterAll, describe, expect, test } from '@jest/globals';
import { predict } from '@pffnet/network';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import type { RgbImage } from '@pffnet/structures';
import '@pffnet/tensor-ops/testing';
import { memory } from '@tensorflow/tfjs-core';
import { tiny } from '../test/tiny.ts';
import type { ConfigPatch } from './config.ts';
import { createPffnet, type Pffnet } from './create-pffnet.ts';
import { detect } from './detect.ts';
import { predictSemantics } from './predict-semantics.ts';
import { vary } from './vary.ts';

await loadBackend('wasm');

const { image } = syntheticCells({ size: 64, count: [4, 4], seed: 3 });
const made: Pffnet[] = [];
afterAll(() => {
  for (const { scope } of made) scope.dispose();
});

/** An untrained network, of whose proposals everything counts that non-maximum suppression leaves. */
function untrained(patch: ConfigPatch = {}): Pffnet {
  const model = createPffnet(vary(vary(tiny, { test: { scoreThreshold: 0, minScore: 0 } }), patch));
  made.push(model);
  return model;
}

const plain = untrained();
const isShare = (value: number): boolean => value >= 0 && value <= 1;

function blank(height: number, width: number): RgbImage {
  return { height, width, data: new Float32Array(height * width * 3).fill(200) };
}

describe('detect', () => {
  test('describes each detection: box in the image, score, quality and mask between 0 and 1, the surest first', async () => {
    const { count, boxes, classScores, qualities, maskSide, masks } = await detect(plain, image);
    expect(count).toBeGreaterThan(3);
    expect(count).toBeLessThanOrEqual(tiny.instanceHead.proposals.test.total);
    expect([boxes.length, classScores.length, qualities!.length, maskSide, masks.length]).toEqual([
      count * 4,
      count,
      count,
      28,
      count * 28 * 28,
    ]);
    expect(boxes.every((edge) => edge >= 0 && edge <= 64)).toBe(true);
    for (const shares of [classScores, qualities!, masks]) expect(shares.every(isShare)).toBe(true);
    expect([...classScores].sort((a, b) => b! - a!)).toEqual([...classScores]);
  });

  test('gives the same every time, and leaves no tensor', async () => {
    const first = await detect(plain, image);
    const before = memory().numTensors;
    expect(await detect(plain, image)).toEqual(first);
    expect(memory().numTensors).toBe(before);
  });

  test.each<[string, ConfigPatch, (whole: number) => number]>([
    ['no more than the limit', { test: { limit: 2 } }, () => 2],
    ['none above an impossible score', { test: { scoreThreshold: 1 } }, () => 0],
    ['all without a limit', { test: { limit: null } }, (whole) => whole],
    ['the same in chunks of another size', { instanceHead: { chunk: 3 } }, (whole) => whole],
  ])('finds %s', async (_, patch, expected) => {
    const whole = await detect(plain, image);
    const found = await detect(untrained(patch), image);
    expect(found.count).toBe(expected(whole.count));
    expect(found.boxes).toBeAllClose(whole.boxes.subarray(0, found.count * 4), { atol: 1e-3, rtol: 0 });
    expect(found.masks).toBeAllClose(whole.masks.subarray(0, found.count * 28 * 28), { atol: 1e-4, rtol: 0 });
    expect(found.qualities).toHaveLength(found.count);
  });

  test('holds no more tensors for many detections than for few', async () => {
    const counts = { perLevelBeforeNms: 400, perLevelAfterNms: 400, total: 300 };
    const model = untrained({ instanceHead: { proposals: { nms: 1, test: counts }, chunk: 8 }, test: { nms: 1 } });
    const reads: { boxes: number; bytes: number }[] = [];
    const { predictMasks } = model.instanceHead;
    const instanceHead: Pffnet['instanceHead'] = {
      ...model.instanceHead,
      predictMasks: (pyramid, boxes, pool) => {
        reads.push({ boxes: boxes.length / 4, bytes: memory().numBytes });
        return predictMasks(pyramid, boxes, pool);
      },
    };
    const { count } = await detect({ ...model, instanceHead }, image);
    expect(count).toBe(300);
    expect(reads.length).toBeGreaterThan(3);
    for (const { boxes, bytes } of reads) {
      expect(boxes).toBeLessThanOrEqual(64);
      expect(bytes).toBe(reads[0].bytes);
    }
  });

  test('has no quality without the branch', async () => {
    const { count, qualities } = await detect(untrained({ instanceHead: { quality: { kind: 'none' } } }), image);
    expect(count).toBeGreaterThan(0);
    expect(qualities).toBeNull();
  });

  test('keeps boxes on pixels in legacy geometry', async () => {
    const { count, boxes } = await detect(untrained({ geometry: 'legacy' }), image);
    expect(count).toBeGreaterThan(0);
    expect(boxes.every((edge) => edge >= 0 && edge <= 63)).toBe(true);
  });

  test.each([
    [1, 1],
    [33, 20],
    [50, 130],
  ])('reads an image of %d x %d pixels', async (height, width) => {
    const { boxes } = await detect(plain, blank(height, width));
    const inside = (edge: number, index: number): boolean => edge >= 0 && edge <= (index % 2 === 0 ? height : width);
    expect(boxes.every(inside)).toBe(true);
  });
});

describe('predict', () => {
  test('draws what was detected, the surest as number 1', async () => {
    const { labels, instances } = await predict(plain, image);
    expect([labels.height, labels.width]).toEqual([64, 64]);
    expect(instances.map(({ id }) => id)).toEqual(instances.map((_, index) => index + 1));
    const confidences = instances.map(({ confidence }) => confidence);
    expect([...confidences].sort((a, b) => b! - a!)).toEqual(confidences);
    for (const { id, area } of instances) expect(labels.data.filter((pixel) => pixel === id)).toHaveLength(area);
  });

  test('gives an empty map where nothing is found', async () => {
    const { labels, instances } = await predict(untrained({ test: { scoreThreshold: 1 } }), blank(40, 50));
    expect(instances).toEqual([]);
    expect([labels.height, labels.width, labels.data.every((id) => id === 0)]).toEqual([40, 50, true]);
  });
});

describe('predictSemantics', () => {
  test('gives two foreground probabilities per pixel of the image, without its padding, and leaves no tensor', async () => {
    const wide = blank(33, 50);
    const detections = await detect(plain, wide);
    const before = memory().numTensors;
    const { semantic, fused } = await predictSemantics(plain, wide, detections);
    expect(memory().numTensors).toBe(before);
    for (const map of [semantic!, fused!]) {
      expect(map).toHaveLength(33 * 50);
      expect(map.every(isShare)).toBe(true);
    }
  });

  test('fuses nothing where nothing was found', async () => {
    const nothing = await detect(untrained({ test: { scoreThreshold: 1 } }), image);
    const fused = async (patch: ConfigPatch): Promise<Float32Array | null> =>
      (await predictSemantics(untrained(patch), image, nothing)).fused;
    const [attended, summed] = [await fused({}), await fused({ instanceSemantics: { fusion: { kind: 'summation' } } })];
    expect(attended).toBeAllClose(summed!, { atol: 1e-6, rtol: 0 });
  });

  test.each<[ConfigPatch, string[]]>([
    [{ semanticHead: { kind: 'none' } }, ['fused']],
    [{ instanceSemantics: { kind: 'none' } }, ['semantic']],
    [{ semanticHead: { kind: 'none' }, instanceSemantics: { kind: 'none' } }, []],
  ])('%j has only %j', async (patch, expected) => {
    const model = untrained(patch);
    const maps = await predictSemantics(model, image, await detect(model, image));
    expect(Object.entries(maps).flatMap(([name, map]) => (map === null ? [] : [name]))).toEqual(expected);
  });
});
