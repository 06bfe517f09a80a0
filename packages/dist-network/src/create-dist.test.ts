import { describe, expect, test } from '@jest/globals';
import { checkTerms, decideAtOnce, predict } from '@pffnet/network';
import { labelMap, randomStream } from '@pffnet/structures';
import '@pffnet/tensor-ops/testing';
import { memory, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { DistConfig } from './config.ts';
import { createDist } from './create-dist.ts';
import { presets } from './presets.ts';

const tiny: DistConfig = { ...presets.smoke, unet: { width: 4, depth: 2, groups: 2 } };
const streams = (purpose: string) => randomStream(0, purpose);

/** A bright square on dark ground, of odd size so that it must be padded. */
const sample = (() => {
  const [height, width] = [13, 10];
  const labels = labelMap(height, width);
  for (let y = 3; y < 8; y++) for (let x = 2; x < 7; x++) labels.data[y * width + x] = 1;
  const data = Float32Array.from({ length: height * width * 3 }, (_, at) =>
    labels.data[Math.floor(at / 3)] ? 200 : 40,
  );
  return { image: { height, width, data }, labels };
})();

describe('createDist', () => {
  test('learns the mean squared error of the distance map, in every parameter, and leaves no tensor', () => {
    const network = createDist(tiny);
    try {
      const before = memory().numTensors;
      tidy(() => {
        const { value, grads } = variableGrads(
          () => decideAtOnce(network.learn(sample, streams).forward())['distance']!,
          [...network.trainable.values()],
        );
        expect(value.dataSync()[0]).toBeGreaterThan(0);
        for (const variable of network.trainable.values()) {
          expect([variable.name, grads[variable.name]?.dataSync().some((entry) => entry !== 0)]).toEqual([
            variable.name,
            true,
          ]);
        }
      });
      expect(memory().numTensors).toBe(before);
    } finally {
      network.scope.dispose();
    }
  });

  test('has no loss but the mean of squared distances where it predicts 0 everywhere', () => {
    const network = createDist(tiny);
    try {
      const zeros = { shape: [1, 1, 4, 1], data: new Float32Array(4) };
      network.scope.assign(new Map([['distance/kernel', zeros]]));
      // 16 border pixels at 1, 8 at 2, the middle at 3.
      const expected = (16 + 8 * 4 + 9) / (13 * 10);
      const loss = tidy(() => decideAtOnce(network.learn(sample, streams).forward())['distance']!.dataSync()[0]);
      expect(loss).toBeCloseTo(expected, 5);
    } finally {
      network.scope.dispose();
    }
  });

  test('tells its terms and sorts every parameter into one group', () => {
    const network = createDist(tiny);
    try {
      checkTerms(network.terms);
      expect(network.terms.map(({ name }) => name)).toEqual(['distance']);
      expect([...network.groups.values()].flat().sort()).toEqual([...network.trainable.keys()].sort());
    } finally {
      network.scope.dispose();
    }
  });

  test.each([
    ['small', 4_368_073],
    ['smoke', 121_177],
  ] as const)('has as many parameters as is said of preset %s', (preset, expected) => {
    const network = createDist(presets[preset]);
    const count = [...network.scope.variables().values()].reduce((sum, { size }) => sum + size, 0);
    network.scope.dispose();
    expect(count).toBe(expected);
  });

  test('refuses groups that do not divide the channels', () => {
    expect(() => createDist({ ...tiny, unet: { width: 4, depth: 1, groups: 3 } })).toThrow(
      'unet.groups is 3, which does not divide unet.width, 4; expected a divisor of it',
    );
  });

  test('predicts an image of any size, also in tiles and resized, and leaves no tensor', async () => {
    const network = createDist(tiny);
    try {
      const before = memory().numTensors;
      for (const change of [{}, { tiles: { abovePixels: 50, size: 8, overlap: 4 } }, { shortSide: 20 }]) {
        const { labels, instances } = await predict(network, sample.image, {
          ...tiny.test,
          ...change,
        } as DistConfig['test']);
        expect([labels.height, labels.width]).toEqual([13, 10]);
        const areas = instances.reduce((sum, { area }) => sum + area, 0);
        expect(labels.data.filter((id) => id !== 0)).toHaveLength(areas);
        expect(instances.map(({ id }) => id)).toEqual(instances.map((_, index) => index + 1));
      }
      expect(memory().numTensors).toBe(before);
    } finally {
      network.scope.dispose();
    }
  });
});

describe('DistPredictor', () => {
  test('joins the cores of tiles into one map', async () => {
    const network = createDist(tiny);
    try {
      const predictor = network.predictor();
      const size = { height: 1, width: 4 };
      const part = (x1: number, x2: number, depths: number[]) => ({
        core: { y1: 0, x1, y2: 1, x2 },
        whole: size,
        values: Uint16Array.from(depths, (distance) => 65535 - 16 * distance),
      });
      const strips = [];
      const rule = { ...tiny.test, minDistance: 0.5, minDepth: 0.5 } as DistConfig['test'];
      for await (const strip of predictor.decide([part(0, 2, [0, 1]), part(2, 4, [2, 1])], size, rule))
        strips.push(strip);
      expect(strips).toHaveLength(1);
      expect([...strips[0]!.labels.data]).toEqual([0, 1, 1, 1]);
      expect(strips[0]!.instances).toEqual([
        { id: 1, box: [0, 1, 1, 4], area: 3, classScore: null, quality: null, confidence: null },
      ]);
    } finally {
      network.scope.dispose();
    }
  });

  test('has a grid that holds the rule of the config', () => {
    const network = createDist({ ...tiny, test: { ...tiny.test, minDepth: 0.7 } });
    try {
      const { grid } = network.predictor();
      expect(grid['minDepth']).toContain(0.7);
      expect(grid['minDistance']).toContain(tiny.test.minDistance);
    } finally {
      network.scope.dispose();
    }
  });
});
