import { describe, expect, test } from '@jest/globals';
import type { LossReason } from './annotated-labels.ts';
import { lossesLine } from './losses-line.ts';

const lost = (count: number, reason: LossReason): { name: string; reason: LossReason }[] =>
  Array.from({ length: count }, (_, index) => ({ name: `annotation ${index + 1}`, reason }));

describe('lossesLine', () => {
  test('counts over all images, by reason, and names the first three', () => {
    expect(
      lossesLine([
        { image: 'a', account: { named: 9, lost: [...lost(5, 'covered'), ...lost(1, 'outside')], strayPieces: [] } },
        { image: 'b', account: { named: 3, lost: lost(1, 'thin'), strayPieces: ['annotation 7'] } },
      ]),
    ).toBe(
      '7 of 12 annotated objects left no pixel: 1 too thin to hold the centre of a pixel (annotation 1 of b), 5 covered by others (annotation 1 of a, annotation 2 of a, annotation 3 of a and 2 more), 1 outside the image (annotation 1 of a); 1 object has pieces of fewer than three points, which were ignored (annotation 7 of b)',
    );
  });

  test('is silent where nothing is lost', () => {
    expect(lossesLine([])).toBeUndefined();
    expect(lossesLine([{ image: 'a', account: { named: 2, lost: [], strayPieces: [] } }])).toBeUndefined();
  });
});
