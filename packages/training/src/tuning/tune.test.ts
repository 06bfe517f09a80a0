import { describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticDataset } from '@pffnet/datasets';
import { defaultPolicy, scoreImage } from '@pffnet/metrics';
import { type ConfigPatch, createPffnet, type Pffnet, predict, vary } from '@pffnet/pffnet';
import { memory } from '@tensorflow/tfjs-core';
import { tiny } from '../../test/tiny.ts';
import { combinationsOf } from './search-settings.ts';
import type { RuleSettings } from '@pffnet/network';
import { settingsOf, tune, type TuningRequest } from './tune.ts';

await loadBackend('wasm');

const dataset = syntheticDataset({ count: 2, size: 64, seed: 3 });

/** A network that has learned nothing finds objects everywhere, with scores that settings choose among. */
function untrained(test: NonNullable<ConfigPatch['test']> = {}): Pffnet {
  const model = createPffnet(vary(tiny, { test: { minScore: 0.3, scoreThreshold: 0.2, ...test } }));
  const kernel = model.scope.variables().get('instance/box/logits/kernel')!;
  const data = (kernel.dataSync() as Float32Array).map((weight) => 30 * weight);
  model.scope.assign(new Map([['instance/box/logits/kernel', { shape: kernel.shape, data }]]));
  return model;
}

const grid = { nms: [0.3, 0.7], maskThreshold: [0.4, 0.5], dropCoveredAbove: [1], minScore: [0.3, 0.45] };

function request(network: Pffnet, changes: Partial<TuningRequest> = {}): TuningRequest {
  const signal = new AbortController().signal;
  const onImage = () => undefined;
  return {
    network,
    dataset,
    names: dataset.names,
    score: 'dice',
    policy: defaultPolicy,
    grid,
    onImage,
    signal,
    ...changes,
  };
}

describe('tune', () => {
  test.each([
    ['read at once', {}],
    ['in tiles', { tiles: { abovePixels: 64, size: 48, overlap: 16 } }],
    ['at another size, few of them', { shortSide: 48, limit: 12 }],
  ])('scores what predict gives under each combination, %s', async (_, test) => {
    const model = untrained(test);
    const tensors = memory().numTensors;
    const done: string[] = [];
    const names = dataset.names.slice(0, 1);
    const outcome = await tune(request(model, { names, onImage: (count, name) => done.push(`${count} ${name}`) }));
    expect([memory().numTensors, done]).toEqual([tensors, [`1 ${names[0]}`]]);
    const { image, labels } = await dataset.load(names[0]);
    const scoreOf = async (settings: RuleSettings): Promise<number> => {
      const rule = { ...model.config.test, ...model.predictor().patchOf(settings) };
      return scoreImage('', (await predict(model, image, rule)).labels, labels).dice ?? 0;
    };
    const scores: number[] = [];
    for (const settings of combinationsOf(grid)) scores.push(await scoreOf(settings));
    expect(new Set(scores).size).toBeGreaterThan(3); // the settings matter
    expect(outcome!.tuned.score).toBe(Math.max(...scores));
    expect(await scoreOf(outcome!.tuned.settings)).toBe(outcome!.tuned.score);
    expect(outcome!.before).toEqual({
      settings: settingsOf(model, grid),
      score: await scoreOf(settingsOf(model, grid)),
    });
    expect(outcome!.profiles['minScore']!.map(({ score }) => score)).toEqual(
      grid.minScore.map((value) =>
        Math.max(...combinationsOf(grid).flatMap(({ minScore }, index) => (minScore === value ? [scores[index]] : []))),
      ),
    );
    model.scope.dispose();
  });

  test('stops between images when told to', async () => {
    const model = untrained();
    const stop = new AbortController();
    const onImage = () => {
      stop.abort();
    };
    const small = { minScore: [0.3], nms: [0.3], maskThreshold: [0.5], dropCoveredAbove: [1] };
    expect(await tune(request(model, { grid: small, signal: stop.signal, onImage }))).toBeNull();
    model.scope.dispose();
  });
});
