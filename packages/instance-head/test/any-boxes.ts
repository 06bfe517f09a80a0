import fc from 'fast-check';
import type { Boxes } from '@pffnet/structures';

/** Boxes of whole pixels in and around an image of 32 x 32, neither side empty: equal and touching ones are common. */
export const anyBoxes = (length: { minLength?: number; maxLength: number }): fc.Arbitrary<Boxes> =>
  fc
    .array(
      fc.tuple(
        fc.integer({ min: -8, max: 30 }),
        fc.integer({ min: -8, max: 30 }),
        fc.integer({ min: 1, max: 16 }),
        fc.integer({ min: 1, max: 16 }),
      ),
      length,
    )
    .map((boxes) => new Float32Array(boxes.flatMap(([y, x, height, width]) => [y, x, y + height, x + width])));
