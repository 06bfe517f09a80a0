import { describe, expect, test } from '@jest/globals';
import '@pffnet/tensor-ops/testing';
import { syntheticCells } from '@pffnet/datasets';
import { decidePrediction, type Prediction, readImageParts } from '@pffnet/network';
import { resizeImage, resizeValues, type RgbImage } from '@pffnet/structures';
import { tiny } from '../test/tiny.ts';
import type { PffnetConfig, TestRule } from './config.ts';
import { createPffnet, type Pffnet } from './create-pffnet.ts';
import { forLabelMaps } from './for-label-maps.ts';
import { vary } from './vary.ts';

function withModel<Result>(config: PffnetConfig, use: (model: Pffnet) => Result): Result {
  const model = createPffnet(config);
  try {
    return use(model);
  } finally {
    model.scope.dispose();
  }
}

describe('the grid of a two-stage network', () => {
  test('holds the settings of the config, in order', () => {
    const odd = vary(tiny, { test: { minScore: 0.33, nms: 0.45, maskThreshold: 0.51, dropCoveredAbove: 0.8 } });
    for (const config of [tiny, odd]) {
      const grid = withModel(config, (model) => model.predictor().grid);
      expect(Object.keys(grid)).toEqual(['nms', 'nmsQuality', 'maskThreshold', 'dropCoveredAbove', 'minScore']);
      for (const [name, tried] of Object.entries(grid)) {
        expect(tried).toContain(config.test[name as keyof typeof config.test]);
        expect(tried).toEqual([...new Set(tried)].sort((a, b) => a - b));
      }
    }
    const blind = vary(tiny, { instanceHead: { quality: { kind: 'none' } } });
    expect(Object.keys(withModel(blind, (model) => model.predictor().grid))).not.toContain('nmsQuality');
    expect(withModel(tiny, (model) => model.predictor().grid)['minScore']).toContain(0.55); // not 0.55000000000000004
  });
});

describe('excludesAll', () => {
  test('tells a rule that no score can satisfy from one that some can', () => {
    withModel(tiny, (model) => {
      const said = (test: object): string | null => model.predictor().excludesAll({ ...tiny.test, ...test });
      expect(said({})).toBeNull();
      expect(said({ minScore: 0.999, maskThreshold: 0.999, dropCoveredAbove: 1, nms: 1 })).toBeNull();
      expect(said({ minScore: 1 })).toBe(
        'test.minScore=1 excludes every object: nothing exceeds 1; lower it, to 0.5 say',
      );
    });
  });
});

describe('patchOf', () => {
  test('lowers the score threshold where minScore lies below it', () => {
    withModel(vary(tiny, { test: { scoreThreshold: 0.2 } }), (model) => {
      const settings = { nms: 0.3, maskThreshold: 0.5, dropCoveredAbove: 1 };
      expect(model.predictor().patchOf({ ...settings, minScore: 0.1 })).toMatchObject({ scoreThreshold: 0.1 });
      expect(model.predictor().patchOf({ ...settings, minScore: 0.6 })).toEqual({
        ...settings,
        scoreThreshold: 0.2,
        minScore: 0.6,
      });
    });
  });
});

describe('maps', () => {
  const image = syntheticCells({ size: 48, count: [3, 3], seed: 2 }).image;
  const mapsOf = async (config: PffnetConfig, shown: RgbImage): Promise<ReadonlyMap<string, Float32Array>> => {
    const model = createPffnet(config);
    try {
      const predictor = model.predictor();
      const readings = [];
      for await (const reading of readImageParts(predictor, shown, config.test)) readings.push(reading);
      return await predictor.maps!.predict(shown, readings, config.test);
    } finally {
      model.scope.dispose();
    }
  };

  test('name the probability of foreground where there is a semantic branch', () => {
    const named = (config: PffnetConfig): string | undefined =>
      withModel(config, (model) => model.predictor().maps?.foreground);
    expect(named(tiny)).toBe('semantic');
    expect(named(vary(tiny, { semanticHead: { kind: 'none' } }))).toBeUndefined();
  });

  test('are not read at the size of the file where test.shortSide sets the size of what is read', async () => {
    const resized = vary(tiny, { test: { shortSide: 64 } });
    const maps = await mapsOf(resized, image);
    const larger = resizeImage(image, { height: 64, width: 64 });
    const expected = await mapsOf(tiny, larger);
    for (const name of ['semantic', 'fused']) {
      expect(maps.get(name)).toEqual(resizeValues({ height: 64, width: 64, data: expected.get(name)! }, image));
    }
  });
});

describe('a learned order', () => {
  const oanet = vary(tiny, {
    instanceHead: { quality: { kind: 'none' } },
    instanceSemantics: { kind: 'spatial-ranking' },
    initialOutputs: 'published',
    test: { scoreThreshold: 0.01, minScore: 0.49, tiles: { abovePixels: 5000, size: 64, overlap: 32 } },
  });
  const { image } = syntheticCells({ size: 80, count: [5, 5], seed: 3 });

  async function predictedFrom(model: Pffnet, floor: readonly TestRule[], rule: TestRule): Promise<Prediction> {
    const predictor = model.predictor();
    const readings = [];
    for await (const reading of readImageParts(predictor, image, predictor.floorOf(floor))) readings.push(reading);
    return decidePrediction(predictor, readings, image, rule);
  }

  test('is not another one for a rule that was read beside more lenient ones, as tuning and --semantic do', async () => {
    const model = createPffnet(oanet);
    const own = oanet.test;
    const strict = { ...own, minScore: 0.5 };
    const alone = await predictedFrom(model, [strict], strict);
    expect(alone.instances.length).toBeGreaterThan(2);
    expect(new Set(alone.instances.map(({ confidence }) => confidence)).size).toBeGreaterThan(1);
    const lenient = { ...own, minScore: 0 };
    expect(await predictedFrom(model, [strict, lenient], strict)).toEqual(alone);
    expect(await predictedFrom(model, [strict, lenient, { ...own, nms: 0.9 }], strict)).toEqual(alone);
    model.scope.dispose();
  });

  test('paints what the network without its semantic branch paints', async () => {
    const model = createPffnet(oanet);
    const part = createPffnet(forLabelMaps(oanet));
    const weights = model.scope.variables();
    for (const [path, variable] of part.scope.variables()) variable.assign(weights.get(path)!);
    expect([...part.scope.variables().keys()].some((path) => path.startsWith('semantic/'))).toBe(false);
    const rule = oanet.test;
    expect(await predictedFrom(part, [rule], rule)).toEqual(await predictedFrom(model, [rule], rule));
    for (const { scope } of [model, part]) scope.dispose();
  });
});
