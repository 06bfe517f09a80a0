import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeBoxes, pairwiseIou, randomStream } from '@pffnet/structures';
import { boxesFromXyxy, golden } from '@pffnet/tensor-ops/testing';
import { anyBoxes } from '../test/any-boxes.ts';
import { ROI_WEIGHTS } from './box-weights.ts';
import { sampleRois } from './sample-rois.ts';
import { gatherBoxes } from './gather-boxes.ts';

const paper = { count: 128, positiveFraction: 0.25, iou: 0.5 };

describe('sampleRois', () => {
  test('puts positives first and describes the way to their objects', () => {
    // IoU with the second truth: 0.8; with the first: 0.
    const proposals = new Float32Array([50, 50, 60, 60, 20, 20, 30, 28]);
    const truth = new Float32Array([0, 0, 10, 10, 20, 20, 30, 30]);
    const inputs = { proposals, truth, sampling: { ...paper, count: 4 }, geometry: 'continuous' } as const;
    const sample = sampleRois(inputs, randomStream(1, 'rois'));
    expect([...sample.boxes]).toEqual([20, 20, 30, 28, 50, 50, 60, 60]);
    expect([sample.count, sample.positiveCount, ...sample.truthIndex]).toEqual([2, 1, 1]);
    expect(sample.deltaTargets).toBeAllClose([0, 10 / 8, 0, 5 * Math.log(10 / 8)], { atol: 1e-5, rtol: 0 });
  });

  test('keeps the counts, the share and the labels, and draws nothing twice', () => {
    fc.assert(
      fc.property(
        anyBoxes({ maxLength: 20 }),
        anyBoxes({ maxLength: 5 }),
        fc.nat(16),
        fc.constantFrom(0, 0.25, 1),
        fc.nat(),
        (drawn, truth, count, positiveFraction, seed) => {
          // A fractional offset per box tells equal boxes apart.
          const proposals = Float32Array.of(...drawn, ...truth).map((edge, at) => edge + Math.floor(at / 4) / 1024);
          const sampling = { count, positiveFraction, iou: 0.5 };
          const inputs = { proposals, truth, sampling, geometry: 'continuous' } as const;
          const sample = sampleRois(inputs, randomStream(seed, 'rois'));
          const best = (boxes: Float32Array, index: number): number =>
            Math.max(0, ...pairwiseIou(boxes.subarray(4 * index, 4 * index + 4), truth, 'continuous'));
          const all = Array.from({ length: proposals.length / 4 }, (_, index) => best(proposals, index));
          const possible = all.filter((overlap) => overlap >= 0.5).length;
          expect(sample.positiveCount).toBe(Math.min(possible, Math.floor(count * positiveFraction)));
          expect(sample.count).toBe(
            sample.positiveCount + Math.min(all.length - possible, count - sample.positiveCount),
          );
          expect(sample.boxes.length).toBe(4 * sample.count);
          const rows = Array.from({ length: sample.count }, (_, index) =>
            sample.boxes.subarray(4 * index, 4 * index + 4),
          );
          expect(new Set(rows.map((row) => row.join())).size).toBe(sample.count);
          rows.forEach((_, index) => expect(best(sample.boxes, index) >= 0.5).toBe(index < sample.positiveCount));
          const positives = sample.boxes.subarray(0, 4 * sample.positiveCount);
          const reached = decodeBoxes(positives, sample.deltaTargets, ROI_WEIGHTS, 'continuous');
          expect(reached).toBeAllClose(gatherBoxes(truth, sample.truthIndex), { atol: 1e-4, rtol: 0 });
        },
      ),
    );
  });

  test('follows the stream and nothing else', () => {
    const proposals = Float32Array.from({ length: 400 }, (_, at) => Math.floor(at / 4) + (at % 4 < 2 ? 0 : 9));
    const truth = proposals.slice(0, 8);
    const inputs = { proposals, truth, sampling: { ...paper, count: 20 }, geometry: 'continuous' } as const;
    const draw = (seed: number): string => sampleRois(inputs, randomStream(seed, 'rois')).boxes.join();
    expect(draw(1)).toBe(draw(1));
    expect(draw(1)).not.toBe(draw(2));
  });

  test('matches the labels and targets of the reference', () => {
    const { plain } = golden('box_loss');
    const [proposals, truth] = [boxesFromXyxy(plain('proposals')), boxesFromXyxy(plain('gt'))];
    const everything = { count: proposals.length, positiveFraction: 1, iou: 0.5 };
    const inputs = { proposals, truth, sampling: everything, geometry: 'legacy' } as const;
    const sample = sampleRois(inputs, randomStream(1, 'rois'));
    const labels = [...plain('labels').data];
    const positives = Int32Array.from(labels.keys()).filter((index) => labels[index] === 1);
    const negatives = Int32Array.from(labels.keys()).filter((index) => labels[index] === 0);
    expect([...sample.boxes]).toEqual([...gatherBoxes(proposals, positives), ...gatherBoxes(proposals, negatives)]);
    const expected = plain('regression_targets');
    expect(sample.deltaTargets).toBeAllClose(gatherBoxes(boxesFromXyxy(expected), positives), expected);
  });

  test('gives negatives alone without objects, and nothing without proposals', () => {
    const none = new Float32Array(0);
    const boxes = new Float32Array([0, 0, 5, 5, 0, 0, 7, 7]);
    const without = { proposals: boxes, truth: none, sampling: paper, geometry: 'continuous' } as const;
    const background = sampleRois(without, randomStream(1, 'rois'));
    expect([background.count, background.positiveCount, background.deltaTargets.length]).toEqual([2, 0, 0]);
    const empty = sampleRois({ ...without, proposals: none, truth: boxes }, randomStream(1, 'rois'));
    expect([empty.count, empty.boxes.length]).toEqual([0, 0]);
  });
});
