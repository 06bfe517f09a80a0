import { describe, expect, test } from '@jest/globals';
import { checkTerms, decideAtOnce, predict } from '@pffnet/network';
import { labelMap } from '@pffnet/structures';
import '@pffnet/tensor-ops/testing';
import { add, memory, tidy, variableGrads } from '@tensorflow/tfjs-core';
import { sample, streams } from '../../test/sample.ts';
import type { NuclickConfig } from './config.ts';
import { createNuclick } from './create-nuclick.ts';
import { nuclickPresets } from './presets.ts';

const tiny: NuclickConfig = { ...nuclickPresets.smoke, crop: 8, unet: { width: 4, depth: 2, groups: 2 } };
const size = { height: 13, width: 10 };

describe('createNuclick', () => {
  test('learns both terms, in every parameter, and leaves no tensor', () => {
    const network = createNuclick(tiny);
    try {
      checkTerms(network.terms);
      const before = memory().numTensors;
      tidy(() => {
        const step = network.learn(sample, streams);
        expect(Object.keys(decideAtOnce(step.forward()))).toEqual(network.terms.map(({ name }) => name));
        const total = () => Object.values(decideAtOnce(step.forward())).reduce((sum, term) => add(sum, term));
        const { grads } = variableGrads(total, [...network.trainable.values()]);
        for (const { name } of network.trainable.values()) {
          expect([name, grads[name]?.dataSync().some((entry) => entry !== 0)]).toEqual([name, true]);
        }
        // A patch without objects teaches that nothing is there.
        const empty = { image: sample.image, labels: labelMap(size.height, size.width) };
        expect(decideAtOnce(network.learn(empty, streams).forward())['dice']!.dataSync()[0]).toBeGreaterThan(0);
      });
      expect(memory().numTensors).toBe(before);
    } finally {
      network.scope.dispose();
    }
  });

  test.each([
    ['small', 4_368_505],
    ['smoke', 121_321],
  ] as const)('has as many parameters as is said of preset %s, each in one group', (preset, expected) => {
    const network = createNuclick(nuclickPresets[preset]);
    const count = [...network.scope.variables().values()].reduce((total, { size }) => total + size, 0);
    expect([...network.groups.values()].flat().sort()).toEqual([...network.trainable.keys()].sort());
    network.scope.dispose();
    expect(count).toBe(expected);
  });

  test('refuses a square that cannot be pooled', () => {
    expect(() => createNuclick({ ...tiny, crop: 10 })).toThrow(
      'crop is 10, which 2 poolings (unet.depth) cannot halve; expected a multiple of 4',
    );
  });

  test('predicts at clicks, also in tiles and resized, and leaves no tensor', async () => {
    const network = createNuclick(tiny);
    try {
      const clicks = network.clicksFor!(sample.labels);
      expect(clicks).toHaveLength(2);
      const before = memory().numTensors;
      for (const change of [{}, { tiles: { abovePixels: 50, size: 8, overlap: 4 } }, { shortSide: 20 }]) {
        const rule = { ...tiny.test, minProbability: 0, minArea: 0, ...change };
        const { labels, instances } = await predict(network, sample.image, rule, 1, clicks);
        expect([labels.height, labels.width]).toEqual([13, 10]);
        // At 0 every pixel of a square belongs to its click; neither square holds the other's click.
        expect(instances).toHaveLength(2);
      }
      expect((await predict(network, sample.image, tiny.test, 1, [])).instances).toEqual([]);
      expect(memory().numTensors).toBe(before);
    } finally {
      network.scope.dispose();
    }
  });

  test('says what it needs where an image comes without clicks', async () => {
    const network = createNuclick(tiny);
    await expect(predict(network, sample.image)).rejects.toThrow(
      'a network of kind nuclick finds objects at clicks, and none came with the image; give clicks to predict, such as those of clicksFor',
    );
    network.scope.dispose();
  });
});
