import { describe, expect, test } from '@jest/globals';
import { anchorLevels } from './anchor-levels.ts';
import { presets } from './presets/index.ts';
import { vary } from './vary.ts';

describe('anchorLevels', () => {
  test('gives the anchors of the first cell of P2 to P6', () => {
    const levels = anchorLevels(vary(presets.small, { instanceHead: { anchors: { sizes: [8, 16, 32, 64, 128] } } }));
    expect(levels.map(({ stride }) => stride)).toEqual([4, 8, 16, 32, 64]);
    // Sizes 8 to 128 on strides 4 to 64; ratio 1 is the second of 0.5, 1, 2.
    expect(levels.map(({ cell }) => [...cell.subarray(4, 8)])).toEqual(
      [2, 4, 8, 16, 32].map((middle) => [-middle, -middle, 3 * middle, 3 * middle]),
    );
  });

  test('gives those of the released code in continuous pixels', () => {
    const [finest] = anchorLevels(vary(presets.paper, { geometry: 'legacy' }));
    // 32 pixels, centred on pixel 1.5: from -14 to 17, both included.
    expect([...finest!.cell.subarray(4, 8)]).toEqual([-14, -14, 18, 18]);
  });
});
