import { describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import { imageParts, predict } from '@pffnet/network';
import { tiny } from '../test/tiny.ts';
import type { ConfigPatch } from './config.ts';
import { createPffnet, type Pffnet } from './create-pffnet.ts';
import { drawObjects, findObjects } from './find-objects.ts';
import { floorOf, joinReadings, readPart } from './reading.ts';
import { vary } from './vary.ts';

await loadBackend('wasm');

const { image } = syntheticCells({ size: 96, count: [8, 10], seed: 3 });

/** A network that has learned nothing, with scores that differ from place to place. */
function untrained(test: NonNullable<ConfigPatch['test']>): Pffnet {
  const model = createPffnet(vary(tiny, { test: { scoreThreshold: 0.05, minScore: 0.25, ...test } }));
  const kernel = model.scope.variables().get('instance/box/logits/kernel')!;
  const data = (kernel.dataSync() as Float32Array).map((weight) => 30 * weight);
  model.scope.assign(new Map([['instance/box/logits/kernel', { shape: kernel.shape, data }]]));
  return model;
}

const inTiles = { tiles: { abovePixels: 64 * 64, size: 64, overlap: 32 } };

describe('masks are drawn for what can be painted alone', () => {
  test.each<[string, NonNullable<ConfigPatch['test']>]>([
    ['read at once', {}],
    ['in tiles', inTiles],
    ['in tiles, few of each', { ...inTiles, limit: 6 }],
    ['in tiles, nothing suppressed', { ...inTiles, nms: 1 }],
    ['in tiles, quality takes part in suppression', { ...inTiles, nmsQuality: 1 }],
  ])('and the label map is that of all detections, %s', async (_, rule) => {
    const model = untrained(rule);
    const all = drawObjects(model, await findObjects(model, image), image);
    expect(all.instances.length).toBeGreaterThan(0);
    expect(await predict(model, image)).toEqual(all);
    model.scope.dispose();
  });

  test('so that fewer are read than by the most lenient rule', async () => {
    const model = untrained(inTiles);
    const { test: rule } = model.config;
    const countBy = async (floor: typeof rule): Promise<number> => {
      let count = 0;
      for (const part of imageParts(image, rule.tiles)) count += (await readPart(model, part, floor)).detections.count;
      return count;
    };
    expect(await countBy(rule)).toBeLessThan(await countBy({ ...rule, minScore: 0 }));
    expect(await countBy({ ...rule, minScore: 0 })).toBeLessThan(await countBy({ ...rule, minScore: 0, nms: 1 }));
    model.scope.dispose();
  });
});

describe('floorOf', () => {
  const { test: rule } = tiny;

  test('keeps what all rules share, and takes the least of their scores', () => {
    const rules = [rule, { ...rule, minScore: 0.2, maskThreshold: 0.7 }];
    expect(floorOf(rules)).toEqual({ ...rule, minScore: 0.2 });
  });

  test('leaves suppression to whoever decides where rules suppress differently or end at different counts', () => {
    expect(floorOf([rule, { ...rule, nms: 0.5 }])).toMatchObject({ nms: 1, limit: null });
    expect(floorOf([rule, { ...rule, limit: 7 }])).toMatchObject({ nms: 1, limit: null });
    expect(floorOf([{ ...rule, nmsQuality: 1 }])).toMatchObject({ nms: 1, limit: null });
  });
});

describe('joinReadings', () => {
  const [part] = imageParts({ height: 20, width: 20, data: new Float32Array(20 * 20 * 3) }, tiny.test.tiles);
  /** Two boxes that overlap: the first is surer of its class, the second has the better mask. */
  function chosen(rule: Partial<typeof tiny.test>): number[] {
    const detections = {
      count: 2,
      boxes: new Float32Array([2, 2, 12, 12, 3, 2, 13, 12]),
      classScores: new Float32Array([0.8, 0.6]),
      qualities: new Float32Array([0.5, 0.9]),
      maskSide: 1,
      masks: new Float32Array([1, 1]),
    };
    const reading = { tile: part!.tile, whole: part!.whole, detections };
    const joined = joinReadings([reading], part!.whole, { ...tiny.test, nms: 0.3, ...rule }, 'continuous');
    return [...joined.classScores].map((score) => Math.round(score * 10) / 10);
  }

  test('suppresses by class score, and by class score times quality where the rule says so', () => {
    expect(chosen({ minScore: 0.3 })).toEqual([0.8]); // 0.8 > 0.6
    expect(chosen({ minScore: 0.3, nmsQuality: 1 })).toEqual([0.6]); // 0.54 > 0.40
    expect(chosen({ minScore: 0.3, nmsQuality: 0.5 })).toEqual([0.6]); // 0.569 > 0.566
  });

  test('a detection that is dropped for its class score suppresses none that has a better one', () => {
    expect(chosen({ minScore: 0.7, nmsQuality: 1 })).toEqual([0.8]);
  });
});
