import { type LabelMap, labelMap } from '@pffnet/structures';
import fc from 'fast-check';

/** Any label map up to `side` pixels high and wide whose objects may have several pieces and holes. */
export function anyLabels(side = 9, greatest = 4): fc.Arbitrary<LabelMap> {
  return fc
    .tuple(fc.integer({ min: 1, max: side }), fc.integer({ min: 1, max: side }))
    .chain(([height, width]) =>
      fc
        .array(fc.integer({ min: 0, max: greatest }), { minLength: height * width, maxLength: height * width })
        .map((ids) => labelMap(height, width, ids)),
    );
}
