import { describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import { imageParts, predict } from '@pffnet/network';
import { tiny } from '../test/tiny.ts';
import type { ConfigPatch } from './config.ts';
import { createPffnet, type Pffnet } from './create-pffnet.ts';
import { drawObjects, findObjects } from './find-objects.ts';
import { floorOf, readPart } from './reading.ts';
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
  });
});
