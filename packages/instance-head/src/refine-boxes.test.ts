import { describe, expect, test } from '@jest/globals';
import '@pffnet/tensor-ops/testing';
import { refineBoxes } from './refine-boxes.ts';

describe('refineBoxes', () => {
  test('moves by a tenth and grows by a fifth of each delta, then clips', () => {
    const boxes = new Float32Array([10, 10, 20, 20, 80, 80, 90, 90]);
    // The first goes one height down and doubles its width; the second leaves the image.
    const deltas = new Float32Array([10, 0, 0, 5 * Math.log(2), 0, 10, 0, 0]);
    const refined = refineBoxes(boxes, deltas, { height: 100, width: 95 }, 'continuous');
    expect(refined).toBeAllClose([20, 5, 30, 25, 80, 90, 90, 95], { atol: 1e-4, rtol: 0 });
  });

  test('gives nothing for nothing', () => {
    const none = new Float32Array(0);
    expect(refineBoxes(none, none, { height: 1, width: 1 }, 'legacy').length).toBe(0);
  });
});
