import { describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { syntheticCells } from '@pffnet/datasets';
import { totalLoss, imageTensor } from '@pffnet/network';
import { labelMap, randomStream, type RgbImage } from '@pffnet/structures';
import { newTensors } from '@pffnet/tensor-ops/testing';
import { dispose, memory, tidy, variableGrads } from '@tensorflow/tfjs-core';
import { tiny } from '../test/tiny.ts';
import type { ConfigPatch } from './config.ts';
import { createPffnet, type Pffnet } from './create-pffnet.ts';
import { computeLosses } from './forward-pass.ts';
import { termsOf } from './loss-terms.ts';
import { supervise, type Supervision } from './supervision.ts';
import { truthOf } from './truth.ts';
import { type VariantName, variants } from './variants.ts';
import { vary } from './vary.ts';

// The whole network with its gradients is too much for the reference engine (CPU).
await loadBackend('wasm');

const cells = syntheticCells({ size: 64, count: [4, 4], seed: 3 });

/** The same random choices at every call. */
function supervisionOf({ config }: Pffnet, labels = cells.labels): Supervision {
  const sampling = { anchors: randomStream(0, 'anchors'), rois: randomStream(0, 'rois') };
  return supervise(truthOf(labels, config.geometry), config, sampling);
}

/** Losses by name, their total, and the largest entry of every parameter's gradient; undefined for one without a part. */
function learnFrom(model: Pffnet, image: RgbImage = cells.image, labels = cells.labels) {
  const losses: Record<string, number> = {};
  const { value, grads } = variableGrads(() => {
    const terms = computeLosses(model, image, supervisionOf(model, labels));
    for (const [name, loss] of Object.entries(terms)) losses[name] = loss.dataSync()[0];
    return totalLoss(terms, model.terms);
  }, [...model.trainable.values()]);
  const steepest = new Map<string, number | undefined>();
  for (const [path, { name }] of model.trainable) {
    const gradient = grads[name]?.dataSync() as Float32Array | undefined;
    // NaN and infinities stay what they are.
    steepest.set(
      path,
      gradient?.reduce((most, g) => (Math.abs(g) <= most ? most : Math.abs(g)), 0),
    );
  }
  const total = value.dataSync()[0];
  dispose([value, ...Object.values(grads)]);
  return { losses, total, steepest };
}

function withModel<Result>(patch: ConfigPatch, use: (model: Pffnet) => Result): Result {
  const model = createPffnet(vary(tiny, patch));
  try {
    return use(model);
  } finally {
    model.scope.dispose();
  }
}

/** Every term of the loss. */
const lossNames = termsOf(tiny).map(({ name }) => name);

const without = (...names: string[]): string[] => lossNames.filter((name) => !names.includes(name));

describe('computeLosses', () => {
  test('gives every term of Eq. 5, whose weighted sum is the total', () => {
    const { losses, total } = withModel({}, (model) => learnFrom(model));
    expect(Object.keys(losses).sort()).toEqual([...lossNames].sort());
    const ours = (name: string): number => losses[name]!;
    const instance = without('semantic', 'fused-semantic', 'consistency').reduce((sum, name) => sum + ours(name), 0);
    const { alpha1, alpha2 } = tiny.loss;
    expect(total).toBeCloseTo(
      instance + alpha1 * (ours('semantic') + ours('fused-semantic')) + alpha2 * ours('consistency'),
      5,
    );
  });

  const semantics: string[] = ['semantic', 'fused-semantic', 'consistency'];
  const termsOf: Readonly<Record<VariantName, string[]>> = {
    pffnet: without(),
    'mask-rcnn': without('quality', ...semantics),
    'cell-rcnn': without('quality', 'fused-semantic', 'consistency'),
    'cell-rcnn-v2': without('quality', 'consistency'),
    'panoptic-fpn': without('quality', 'fused-semantic', 'consistency'),
    'jsis-net': without('quality', 'fused-semantic', 'consistency'),
    aunet: without('quality', 'fused-semantic', 'consistency'),
    upsnet: [...without('quality', 'fused-semantic', 'consistency'), 'roi-semantic', 'panoptic'],
    oanet: [...without('quality', 'fused-semantic', 'consistency'), 'ranking'],
    replacement: without(),
    summation: without(),
    attention: without(),
    'no-quality': without('quality'),
    'no-consistency': without('consistency'),
    'no-fusion': without(),
    'no-semantic-branch': without('semantic', 'consistency'),
    'deconv-mask': without(),
  };

  test.each<[string, ConfigPatch, string[]]>([
    ...Object.entries(termsOf).map(([name, terms]): [string, ConfigPatch, string[]] => [
      name,
      variants[name as VariantName],
      terms,
    ]),
    ['masks in proposals', { instanceSemantics: { boxes: 'proposal' } }, without()],
    ['legacy geometry', { geometry: 'legacy' }, without()],
  ])('%s: its terms, finite, and gradients for everything that trains', (_, patch, names) => {
    const { losses, steepest } = withModel(patch, (model) => learnFrom(model));
    expect(Object.keys(losses).sort()).toEqual([...names].sort());
    expect(Object.values(losses).every(Number.isFinite)).toBe(true);
    expect([...steepest].filter(([, most]) => most === undefined || !Number.isFinite(most))).toEqual([]);
  });

  test('negatives teach quality alone: no other loss changes', () => {
    const quality = { kind: 'mask-quality', hidden: 8, negatives: 2 } as const;
    const [without, withThem] = [0, 2].map((negatives) =>
      withModel({ instanceHead: { quality: { ...quality, negatives } } }, (model) => learnFrom(model)),
    );
    const { quality: before, ...others } = without!.losses;
    const { quality: after, ...same } = withThem!.losses;
    for (const [name, loss] of Object.entries(others))
      expect([name, same[name]]).toEqual([name, expect.closeTo(loss, 5)]);
    expect(after).not.toBeCloseTo(before!, 3);
    expect([...withThem!.steepest].filter(([, most]) => most === undefined || !Number.isFinite(most))).toEqual([]);
  });

  test('an image without objects has finite losses, 0 for boxes and masks, and finite gradients', () => {
    const { losses, steepest } = withModel({}, (model) => learnFrom(model, cells.image, labelMap(64, 64)));
    expect(losses).toMatchObject({ 'rpn-box': 0, 'box-regression': 0, mask: 0, quality: 0 });
    expect(Object.values(losses).every(Number.isFinite)).toBe(true);
    for (const [path, most] of steepest) {
      // Without positive RoIs the mask branch takes no part.
      if (/^instance\/(mask|quality)\//.test(path)) expect([path, most]).toEqual([path, undefined]);
      else expect([path, Number.isFinite(most)]).toEqual([path, true]);
    }
  });

  test.each(['continuous', 'legacy'] as const)('objects of one pixel, whose ids lie far apart (%s)', (geometry) => {
    const labels = labelMap(64, 64);
    labels.data[0] = 70_000; // in the corner
    labels.data[20 * 64 + 30] = 3;
    labels.data[20 * 64 + 31] = 4_000_000_000; // touching the one before
    labels.data[64 * 64 - 1] = 5;
    const { losses, steepest } = withModel({ geometry }, (model) => learnFrom(model, cells.image, labels));
    expect(Object.keys(losses)).toHaveLength(lossNames.length);
    expect(Object.values(losses).every(Number.isFinite)).toBe(true);
    expect([...steepest.values()].every((most) => most === undefined || Number.isFinite(most))).toBe(true);
  });

  test.each([
    [64, 64],
    [40, 75],
    [33, 32],
    [20, 20],
  ])('an image of %d x %d pixels', (height, width) => {
    const { image, labels } = croppedCells(height, width);
    const { losses, steepest } = withModel({}, (model) => learnFrom(model, image, labels));
    expect(Object.keys(losses)).toHaveLength(lossNames.length);
    expect(Object.values(losses).every(Number.isFinite)).toBe(true);
    expect([...steepest.values()].every((most) => most === undefined || Number.isFinite(most))).toBe(true);
  });

  test('what lies in the padding counts in no semantic loss', () => {
    const { image, labels } = croppedCells(40, 50);
    withModel({}, (model) => {
      const { losses } = learnFrom(model, image, labels);
      const logits = tidy(() =>
        model.semanticHead!.predict(model.backbone.extract(imageTensor(image, model.config.input))).arraySync(),
      )[0];
      expect([logits.length, logits[0].length]).toEqual([64, 64]);
      let sum = 0;
      for (let y = 0; y < 40; y++) {
        for (let x = 0; x < 50; x++) {
          const [background, foreground] = logits[y][x];
          const margin = labels.data[y * 50 + x] > 0 ? foreground - background : background - foreground;
          sum += Math.log1p(Math.exp(-margin)); // -log softmax of the true class
        }
      }
      expect(losses['semantic']).toBeCloseTo(sum / (40 * 50), 4);
    });
  });

  test('leaves one tensor per term', () => {
    withModel({}, (model) => {
      expect(newTensors(() => tidy(() => ({ ...computeLosses(model, cells.image, supervisionOf(model)) })))).toBe(9);
    });
    const before = memory().numTensors;
    withModel({}, (model) => learnFrom(model));
    expect(memory().numTensors).toBe(before);
  });
});

/** The lower left of the cells' image. */
function croppedCells(height: number, width: number): { image: RgbImage; labels: typeof cells.labels } {
  const { image, labels } = syntheticCells({ size: 80, count: [6, 8], seed: 3 });
  const data = new Float32Array(height * width * 3);
  const ids = new Uint32Array(height * width);
  for (let y = 0; y < height; y++) {
    data.set(image.data.subarray(y * 80 * 3, (y * 80 + width) * 3), y * width * 3);
    ids.set(labels.data.subarray(y * 80, y * 80 + width), y * width);
  }
  return { image: { height, width, data }, labels: labelMap(height, width, ids) };
}
