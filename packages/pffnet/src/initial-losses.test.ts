import { describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import { randomStream } from '@pffnet/structures';
import { tidy } from '@tensorflow/tfjs-core';
import { createPffnet } from './create-pffnet.ts';
import { computeLosses } from './forward-pass.ts';
import { presets } from './presets/index.ts';
import { supervise } from './supervision.ts';
import { truthOf } from './truth.ts';
import { type VariantName, variants } from './variants.ts';
import { vary } from './vary.ts';

await loadBackend('wasm');

const { image, labels } = syntheticCells({ size: 128, count: [8, 8], seed: 5 });

/** The losses before anything is learned, and the share of RoIs that hold an object. */
function lossesAtStart(variant: VariantName, seed: number) {
  const config = vary(vary(presets.smoke, variants[variant]), { seed });
  const model = createPffnet(config);
  const streams = { anchors: randomStream(seed, 'anchors'), rois: randomStream(seed, 'rois') };
  const supervision = supervise(truthOf(labels, config.geometry), config, streams);
  let positiveShare = 0;
  const losses: Record<string, number> = {};
  tidy(() => {
    const terms = computeLosses(model, image, {
      ...supervision,
      chooseRois: (...predicted) => {
        const rois = supervision.chooseRois(...predicted);
        positiveShare = rois.positiveCount / (rois.boxes.length / 4);
        return rois;
      },
    });
    for (const [name, loss] of Object.entries(terms)) losses[name] = loss.dataSync()[0];
  });
  model.scope.dispose();
  return { losses, positiveShare, prior: config.instanceHead.roiSampling.positiveFraction };
}

const ofTwoClasses: string[] = ['rpn-objectness', 'mask', 'semantic', 'fused-semantic'];

describe('informed initial outputs: every loss starts at that of a guess', () => {
  test.each([0, 1, 2, 3, 4])('seed %i', (seed) => {
    const { losses, positiveShare: share, prior } = lossesAtStart('pffnet', seed);
    for (const name of ofTwoClasses) expect(Math.abs(losses[name]! - Math.LN2)).toBeLessThan(0.06);
    // The cross-entropy of the prior 1/4 where `share` of the RoIs hold an object.
    const guess = -share * Math.log(prior) - (1 - share) * Math.log(1 - prior);
    expect(Math.abs(losses['box-class']! - guess)).toBeLessThan(0.06);
    // (0.6 - target)^2 / 2 with targets between 0.3 and 0.9.
    expect(losses['quality']).toBeLessThan(0.3 ** 2 / 2);
    // Two maps that both say 1/2 nearly everywhere.
    expect(losses['consistency']).toBeLessThan(0.01);
  });

  test.each([
    'panoptic-fpn',
    'jsis-net',
    'aunet',
    'upsnet',
    'oanet',
    'cell-rcnn-v2',
    'no-fusion',
    'replacement',
  ] as const)('ln 2 for every map of %s', (variant) => {
    const { losses } = lossesAtStart(variant, 0);
    const maps = [losses.semantic, losses['fused-semantic'], losses.ranking].filter((loss) => loss !== undefined);
    expect(maps.length).toBeGreaterThan(0);
    for (const loss of maps) expect(Math.abs(loss - Math.LN2)).toBeLessThan(0.06);
  });
});
