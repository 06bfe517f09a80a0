import { describe, expect, test } from '@jest/globals';
import '@pffnet/tensor-ops/testing';
import { tiny } from '../test/tiny.ts';
import type { PffnetConfig } from './config.ts';
import { createPffnet, type Pffnet } from './create-pffnet.ts';
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
