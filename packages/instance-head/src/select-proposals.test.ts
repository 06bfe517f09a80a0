import { describe, expect, test } from '@jest/globals';
import '@pffnet/tensor-ops/testing';
import fc from 'fast-check';
import { pairwiseIou } from '@pffnet/structures';
import { anyBoxes } from '../test/any-boxes.ts';
import { type ProposalInputs, selectProposals } from './select-proposals.ts';

const plenty = { perLevelBeforeNms: 100, perLevelAfterNms: 100, total: 100 };

/** Proposals that are their anchors. */
const unmoved = (
  levels: readonly (readonly [number[], number[]])[],
  rest: Partial<ProposalInputs> = {},
): ProposalInputs => ({
  objectness: levels.map(([, logits]) => new Float32Array(logits)),
  deltas: levels.map(([boxes]) => new Float32Array(boxes.length)),
  anchors: levels.map(([boxes]) => new Float32Array(boxes)),
  imageSize: { height: 32, width: 32 },
  counts: plenty,
  nms: 0.7,
  minSize: 0,
  geometry: 'continuous',
  ...rest,
});

const finest: [number[], number[]] = [
  [0, 0, 8, 8, 0, 1, 8, 9, 20, 20, 28, 40],
  [0, 2, 1],
];
const coarser: [number[], number[]] = [[0, 0, 16, 16], [3]];

describe('selectProposals', () => {
  test('decodes, clips, suppresses within a level and sorts over levels', () => {
    // The second anchor of the finest level suppresses the first (IoU 7/9); the third is cut at column 32.
    const { boxes, scores } = selectProposals(unmoved([finest, coarser]));
    expect([...boxes]).toEqual([0, 0, 16, 16, 0, 1, 8, 9, 20, 20, 28, 32]);
    expect(scores).toBeAllClose(
      [3, 2, 1].map((logit) => 1 / (1 + Math.exp(-logit))),
      { atol: 1e-6, rtol: 0 },
    );
  });

  test('does not suppress across levels', () => {
    const same: [number[], number[]] = [[0, 0, 8, 8], [0]];
    expect(selectProposals(unmoved([same, same])).scores.length).toBe(2);
  });

  test.each([
    ['before suppression', { ...plenty, perLevelBeforeNms: 1 }, [0, 0, 16, 16, 0, 1, 8, 9]],
    ['after suppression', { ...plenty, perLevelAfterNms: 1 }, [0, 0, 16, 16, 0, 1, 8, 9]],
    ['in total', { ...plenty, total: 1 }, [0, 0, 16, 16]],
  ])('limits the number %s', (_, counts, expected) => {
    expect([...selectProposals(unmoved([finest, coarser], { counts })).boxes]).toEqual(expected);
  });

  test('appends given boxes at the end with score 1, whatever the limits', () => {
    const appended = new Float32Array([1, 2, 3, 4]);
    const { boxes, scores } = selectProposals(
      unmoved([finest, coarser], { counts: { ...plenty, total: 0 }, appended }),
    );
    expect([...boxes]).toEqual([1, 2, 3, 4]);
    expect([...scores]).toEqual([1]);
  });

  test.each([
    ['outside the image', [40, 40, 50, 50]],
    ['beside the image, touching it', [32, 0, 40, 8]],
    ['not finite', [NaN, 0, 8, 8]],
  ])('drops a box %s', (_, box) => {
    expect(selectProposals(unmoved([[box, [5]]])).scores.length).toBe(0);
  });

  test.each([
    ['continuous', 8, 1],
    ['continuous', 8.5, 0],
    ['legacy', 9, 1],
    ['legacy', 9.5, 0],
  ] as const)('compares sides with the smallest size: %s, %d', (geometry, minSize, count) => {
    expect(selectProposals(unmoved([[[0, 0, 8, 8], [5]]], { geometry, minSize })).scores.length).toBe(count);
  });

  test('gives boxes inside the image, by falling score, that overlap too much with none of their level', () => {
    fc.assert(
      fc.property(
        anyBoxes({ maxLength: 20 }),
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 20 }),
        (drawn, logits) => {
          const inputs = unmoved([[[...drawn], logits.slice(0, drawn.length / 4)]], { nms: 0.3 });
          const { boxes, scores } = selectProposals(inputs);
          expect(boxes.every((edge) => edge >= 0 && edge <= 32)).toBe(true);
          expect(scores.every((score, index) => index === 0 || score <= scores[index - 1])).toBe(true);
          const overlaps = pairwiseIou(boxes, boxes, 'continuous');
          const count = scores.length;
          for (let a = 0; a < count; a++) {
            for (let b = 0; b < a; b++) expect(overlaps[a * count + b]).toBeLessThanOrEqual(Math.fround(0.3));
          }
        },
      ),
    );
  });

  test('gives nothing for levels without anchors', () => {
    const { boxes, scores } = selectProposals(
      unmoved([
        [[], []],
        [[], []],
      ]),
    );
    expect([boxes.length, scores.length]).toEqual([0, 0]);
  });
});
