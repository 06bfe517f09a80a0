import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeBoxes, randomStream } from '@pffnet/structures';
import { boxesFromXyxy, golden } from '@pffnet/tensor-ops/testing';
import { anyBoxes } from '../test/any-boxes.ts';
import { anchorsOfPyramid } from './anchors.ts';
import { ANCHOR_WEIGHTS } from './box-weights.ts';
import { matchBoxes } from './match-boxes.ts';
import { isInside, sampleAnchors } from './sample-anchors.ts';
import { gatherBoxes } from './gather-boxes.ts';

const paper = { count: 256, positiveFraction: 0.5, positiveIou: 0.7, negativeIou: 0.3 };

/** The anchors of a 32 x 32 image, levels one after the other. */
const anchors = Float32Array.from(
  anchorsOfPyramid(
    [8, 4, 2, 1].map((side) => ({ height: side, width: side })),
    { sizes: [8, 16, 32, 64], ratios: [0.5, 1, 2] },
    'continuous',
  ).flatMap((level) => [...level]),
);
const imageSize = { height: 32, width: 32 };

describe('sampleAnchors', () => {
  test('takes the anchor on the object as positive and describes the way to it', () => {
    const two = new Float32Array([8, 8, 16, 16, 20, 20, 28, 28]);
    const truth = new Float32Array([8, 8, 16, 18]);
    const inputs = { anchors: two, truth, imageSize, sampling: paper, geometry: 'continuous' } as const;
    const sample = sampleAnchors(inputs, randomStream(1, 'anchors'));
    expect([...sample.positives]).toEqual([0]);
    expect([...sample.negatives]).toEqual([1]);
    expect(sample.targets).toBeAllClose([0, 1 / 8, 0, Math.log(10 / 8)], { atol: 1e-6, rtol: 0 });
  });

  test('keeps the counts, the share, the labels and the border, and draws nothing twice', () => {
    fc.assert(
      fc.property(
        anyBoxes({ maxLength: 6 }),
        fc.nat(40),
        fc.constantFrom(0, 0.25, 0.5, 1),
        fc.nat(),
        (truth, count, positiveFraction, seed) => {
          const sampling = { ...paper, count, positiveFraction };
          const inputs = { anchors, truth, imageSize, sampling, geometry: 'continuous' } as const;
          const { positives, negatives, targets } = sampleAnchors(inputs, randomStream(seed, 'anchors'));
          const matches = matchBoxes(anchors, truth, { ...paper, forceBest: true }, 'continuous');
          const inside = [...matches.keys()].filter((index) => isInside(anchors, index, imageSize, 'continuous'));
          const possible = inside.filter((index) => matches[index] >= 0).length;
          const background = inside.filter((index) => matches[index] === -1).length;
          expect(positives.length).toBe(Math.min(possible, Math.floor(count * positiveFraction)));
          expect(negatives.length).toBe(Math.min(background, count - positives.length));
          expect(new Set([...positives, ...negatives]).size).toBe(positives.length + negatives.length);
          expect([...positives].every((index) => matches[index] >= 0 && inside.includes(index))).toBe(true);
          expect([...negatives].every((index) => matches[index] === -1 && inside.includes(index))).toBe(true);
          const reached = decodeBoxes(gatherBoxes(anchors, positives), targets, ANCHOR_WEIGHTS, 'continuous');
          const matched = positives.map((index) => matches[index]);
          expect(reached).toBeAllClose(gatherBoxes(truth, matched), { atol: 1e-4, rtol: 0 });
        },
      ),
    );
  });

  test('follows the stream and nothing else', () => {
    const truth = new Float32Array([4, 4, 12, 12]);
    const inputs = { anchors, truth, imageSize, sampling: { ...paper, count: 20 }, geometry: 'continuous' } as const;
    const draw = (seed: number): string => sampleAnchors(inputs, randomStream(seed, 'anchors')).negatives.join();
    expect(draw(1)).toBe(draw(1));
    expect(draw(1)).not.toBe(draw(2));
  });

  test('matches the labels and targets of the reference', () => {
    const { plain } = golden('rpn_loss');
    const mapSizes = [0, 1, 2, 3, 4].map((level) => {
      const [, , height, width] = plain(`objectness_l${level}`).shape;
      return { height, width };
    });
    const levels = anchorsOfPyramid(mapSizes, { sizes: [32, 64, 128, 256, 512], ratios: [0.5, 1, 2] }, 'legacy');
    const whole = Float32Array.from(levels.flatMap((level) => [...level]));
    const truth = boxesFromXyxy(plain('gt'));
    const everything = { ...paper, count: 2 * whole.length, positiveFraction: 0.5 };
    const size = { height: 96, width: 128 };
    const inputs = { anchors: whole, truth, imageSize: size, sampling: everything, geometry: 'legacy' } as const;
    const { positives, negatives, targets } = sampleAnchors(inputs, randomStream(1, 'anchors'));
    const labels = new Int32Array(whole.length / 4).fill(-1);
    positives.forEach((index) => (labels[index] = 1));
    negatives.forEach((index) => (labels[index] = 0));
    expect([...labels]).toEqual([...plain('labels').data]);

    const expected = plain('regression_targets_sampled_pos');
    const sampled = Int32Array.from(plain('sampled_pos').data, (index) => positives.indexOf(index));
    expect(gatherBoxes(targets, sampled)).toBeAllClose(boxesFromXyxy(expected), expected);
  });

  test('gives negatives alone without objects, and nothing without anchors', () => {
    const none = new Float32Array(0);
    const inputs = { anchors, truth: none, imageSize, sampling: paper, geometry: 'continuous' } as const;
    const sample = sampleAnchors(inputs, randomStream(1, 'anchors'));
    expect([sample.positives.length, sample.targets.length]).toEqual([0, 0]);
    expect(sample.negatives.length).toBeGreaterThan(50);
    const empty = sampleAnchors({ ...inputs, anchors: none, truth: anchors }, randomStream(1, 'anchors'));
    expect([empty.positives.length, empty.negatives.length]).toEqual([0, 0]);
  });
});
