import { describe, expect, test } from '@jest/globals';
import { checkTerms, decideAtOnce, predict } from '@pffnet/network';
import { ParamScope } from '@pffnet/tensor-ops';
import '@pffnet/tensor-ops/testing';
import { exp, memory, sum, tidy, variableGrads } from '@tensorflow/tfjs-core';
import { sample, streams } from '../../test/sample.ts';
import { createColourMap } from './colour-map.ts';
import type { DeepColoringConfig } from './config.ts';
import { createDeepColoring } from './create-deep-coloring.ts';
import { coloringPresets } from './presets.ts';

const tiny: DeepColoringConfig = {
  ...coloringPresets.smoke,
  colours: 3,
  unet: { width: 4, depth: 2, groups: 2 },
  loss: { ...coloringPresets.smoke.loss, haloRadius: 3 },
};

test('createColourMap gives ln p of every colour and background at the size of the image', () => {
  using scope = ParamScope.root(1);
  const logs = createColourMap(scope, tiny)(sample.image);
  expect(logs.shape).toEqual([1, 13, 10, 4]);
  for (const total of sum(exp(logs), 3).dataSync()) expect(total).toBeCloseTo(1, 5);
});

describe('createDeepColoring', () => {
  test('learns both terms, in every parameter, and leaves no tensor', () => {
    const network = createDeepColoring(tiny);
    try {
      checkTerms(network.terms);
      const step = network.learn(sample, streams);
      expect(step.decides).toBe(true);
      const before = memory().numTensors;
      tidy(() => {
        const parts = decideAtOnce(step.forward());
        expect(Object.keys(parts)).toEqual(network.terms.map(({ name }) => name));
        const { grads } = variableGrads(
          () => decideAtOnce(step.forward())['colouring']!,
          [...network.trainable.values()],
        );
        for (const { name } of network.trainable.values()) {
          expect([name, grads[name]?.dataSync().some((entry) => entry !== 0)]).toEqual([name, true]);
        }
      });
      expect(memory().numTensors).toBe(before);
    } finally {
      network.scope.dispose();
    }
  });

  test('sorts every parameter into one group', () => {
    const network = createDeepColoring(tiny);
    expect([...network.groups.values()].flat().sort()).toEqual([...network.trainable.keys()].sort());
    network.scope.dispose();
  });

  test.each([
    ['paper', 1_927_273],
    ['small', 4_368_273],
    ['smoke', 121_249],
  ] as const)('has as many parameters as is said of preset %s', (preset, expected) => {
    const network = createDeepColoring(coloringPresets[preset]);
    const count = [...network.scope.variables().values()].reduce((total, { size }) => total + size, 0);
    network.scope.dispose();
    expect(count).toBe(expected);
  });

  test('predicts an image of any size, also in tiles and resized, and leaves no tensor', async () => {
    const network = createDeepColoring(tiny);
    try {
      const before = memory().numTensors;
      for (const change of [{}, { tiles: { abovePixels: 50, size: 8, overlap: 4 } }, { shortSide: 20 }]) {
        const rule = { ...tiny.test, minArea: 0, ...change };
        const { labels, instances } = await predict(network, sample.image, rule);
        expect([labels.height, labels.width]).toEqual([13, 10]);
        const areas = instances.reduce((total, { area }) => total + area, 0);
        expect(labels.data.filter((id) => id !== 0)).toHaveLength(areas);
        expect(instances.map(({ id }) => id)).toEqual(instances.map((_, index) => index + 1));
      }
      expect(memory().numTensors).toBe(before);
    } finally {
      network.scope.dispose();
    }
  });
});

describe('ColoringPredictor', () => {
  test('takes the surest colour, joins the cores of tiles, and leaves out small objects by the rule', async () => {
    const network = createDeepColoring(tiny);
    try {
      const predictor = network.predictor();
      const size = { height: 1, width: 4 };
      const part = (x1: number, x2: number, colours: number[]) => ({
        core: { y1: 0, x1, y2: 1, x2 },
        whole: size,
        values: Uint8Array.from(colours),
      });
      const parts = [part(0, 2, [1, 2]), part(2, 4, [2, 0])];
      const labelled = async (minArea: number) => {
        const strips = [];
        const rule = { ...tiny.test, minArea };
        for await (const strip of predictor.decide(parts, size, rule)) strips.push([...strip.labels.data]);
        return strips;
      };
      expect(await labelled(0)).toEqual([[1, 2, 2, 0]]);
      expect(await labelled(2)).toEqual([[0, 1, 1, 0]]);
      const shades = await predictor.maps!.predict({ ...size, data: new Uint8Array(12) }, parts, tiny.test);
      expect(shades).toEqual(new Map([['colour', Float32Array.of(1 / 3, 2 / 3, 2 / 3, 0)]]));
      expect(predictor.grid['minArea']).toContain(tiny.test.minArea);
    } finally {
      network.scope.dispose();
    }
  });
});
