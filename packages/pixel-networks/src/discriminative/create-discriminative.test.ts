import { describe, expect, test } from '@jest/globals';
import { checkTerms, decideAtOnce, predict } from '@pffnet/network';
import { labelMap } from '@pffnet/structures';
import { ParamScope } from '@pffnet/tensor-ops';
import '@pffnet/tensor-ops/testing';
import { add, memory, tidy, variableGrads } from '@tensorflow/tfjs-core';
import { sample, streams } from '../../test/sample.ts';
import type { DiscriminativeConfig } from './config.ts';
import { createDiscriminative } from './create-discriminative.ts';
import { createEmbeddingMap } from './embedding-map.ts';
import { discriminativePresets } from './presets.ts';

const tiny: DiscriminativeConfig = {
  ...discriminativePresets.smoke,
  dimensions: 3,
  unet: { width: 4, depth: 2, groups: 2 },
};

test('createEmbeddingMap gives embeddings and two logits per pixel at the size of the image', () => {
  using scope = ParamScope.root(1);
  const { embeddings, semantic } = createEmbeddingMap(scope, tiny)(sample.image);
  expect([embeddings.shape, semantic.shape]).toEqual([
    [1, 13, 10, 3],
    [1, 13, 10, 2],
  ]);
});

describe('createDiscriminative', () => {
  test('learns its four terms, in every parameter, and leaves no tensor', () => {
    const network = createDiscriminative(tiny);
    try {
      checkTerms(network.terms);
      const step = network.learn(sample, streams);
      const before = memory().numTensors;
      tidy(() => {
        const terms = decideAtOnce(step.forward());
        expect(Object.keys(terms)).toEqual(network.terms.map(({ name }) => name));
        const total = () => Object.values(decideAtOnce(step.forward())).reduce((sum, term) => add(sum, term));
        const { grads } = variableGrads(total, [...network.trainable.values()]);
        for (const { name } of network.trainable.values()) {
          expect([name, grads[name]?.dataSync().some((entry) => entry !== 0)]).toEqual([name, true]);
        }
      });
      expect(memory().numTensors).toBe(before);
    } finally {
      network.scope.dispose();
    }
  });

  test('learns from an image without objects what is background', () => {
    const network = createDiscriminative(tiny);
    tidy(() => {
      const empty = { image: sample.image, labels: labelMap(13, 10) };
      const { grads } = variableGrads(
        () =>
          Object.values(decideAtOnce(network.learn(empty, streams).forward())).reduce((sum, term) => add(sum, term)),
        [network.trainable.get('semantic/bias')!],
      );
      expect(Object.values(grads)[0]!.dataSync()[0]).toBeLessThan(0);
    });
    network.scope.dispose();
  });

  test.each([
    ['small', 4_368_498],
    ['smoke', 121_330],
  ] as const)('has as many parameters as is said of preset %s, each in one group', (preset, expected) => {
    const network = createDiscriminative(discriminativePresets[preset]);
    const count = [...network.scope.variables().values()].reduce((total, { size }) => total + size, 0);
    expect([...network.groups.values()].flat().sort()).toEqual([...network.trainable.keys()].sort());
    network.scope.dispose();
    expect(count).toBe(expected);
  });

  test('predicts an image of any size, also in tiles and resized, and leaves no tensor', async () => {
    const network = createDiscriminative(tiny);
    try {
      const before = memory().numTensors;
      for (const change of [{}, { tiles: { abovePixels: 50, size: 8, overlap: 4 } }, { shortSide: 20 }]) {
        const rule = { ...tiny.test, minArea: 0, minForeground: 0.3, ...change };
        const { labels, instances } = await predict(network, sample.image, rule);
        expect([labels.height, labels.width]).toEqual([13, 10]);
        const areas = instances.reduce((total, { area }) => total + area, 0);
        expect(labels.data.filter((id) => id !== 0)).toHaveLength(areas);
      }
      expect(memory().numTensors).toBe(before);
    } finally {
      network.scope.dispose();
    }
  });
});

describe('EmbeddingPredictor', () => {
  const network = createDiscriminative(tiny);
  const predictor = network.predictor();

  test('joins embeddings of tiles in the reading order of the whole, and keeps those above the floor', async () => {
    const size = { height: 2, width: 3 };
    const at = (...places: number[]) => Float32Array.from(places.flatMap((place) => [place, 0, 0]));
    const part = (x1: number, x2: number, values: number[], embeddings: Float32Array) => ({
      core: { y1: 0, x1, y2: 2, x2 },
      whole: size,
      values: Float32Array.from(values),
      embeddings,
      embeddedAbove: 0.5,
    });
    const parts = [part(0, 1, [0.9, 0.8], at(1, 7)), part(1, 3, [0.7, 0.2, 0.9, 0.9], at(1, 7, 7))];
    const rule = { ...tiny.test, minArea: 0, minForeground: 0.5, bandwidth: 1 };
    const strips = [];
    for await (const strip of predictor.decide(parts, size, rule)) strips.push([...strip.labels.data]);
    expect(strips).toEqual([[1, 1, 0, 2, 2, 2]]);
    const maps = await predictor.maps!.predict({ ...size, data: new Uint8Array(18) }, parts, rule);
    expect(maps).toEqual(new Map([['semantic', Float32Array.of(0.9, 0.7, 0.2, 0.8, 0.9, 0.9)]]));
  });

  test('reads by the lowest probability of rules, and says which rule excludes all', () => {
    const rules = [0.6, 0.4].map((minForeground) => ({ ...tiny.test, minForeground }));
    expect(predictor.floorOf(rules)).toMatchObject({ minForeground: 0.4 });
    expect(predictor.excludesAll(tiny.test)).toBeNull();
    const strict = { ...tiny.test, minForeground: 1 };
    expect(predictor.excludesAll(strict)).toBe(
      'test.minForeground is 1, and no probability is above it: every pixel is background; lower it',
    );
    expect(predictor.grid['bandwidth']).toContain(tiny.test.bandwidth);
    network.scope.dispose();
  });
});
