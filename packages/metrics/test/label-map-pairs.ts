import { type LabelMap, labelMap } from '@pffnet/structures';
import fc from 'fast-check';

/** A prediction and a truth of one size. */
export interface Pair {
  readonly prediction: LabelMap;
  readonly truth: LabelMap;
}

/** Ids with gaps, and the largest that 32 bits hold. */
const ids = [1, 2, 3, 9, 70_000, 4_294_967_295];

/** Small maps of up to four overlapping rectangles each, in random order of ids: touching, hidden and split objects. */
export const labelMapPairs: fc.Arbitrary<Pair> = fc
  .record({ height: fc.integer({ min: 1, max: 8 }), width: fc.integer({ min: 1, max: 8 }) })
  .chain(({ height, width }) => {
    const rectangle = fc.record({
      top: fc.nat(height - 1),
      left: fc.nat(width - 1),
      rows: fc.integer({ min: 1, max: height }),
      columns: fc.integer({ min: 1, max: width }),
      id: fc.constantFrom(...ids),
    });
    const map = fc.array(rectangle, { maxLength: 4 }).map((rectangles) => {
      const labels = labelMap(height, width);
      for (const { top, left, rows, columns, id } of rectangles) {
        for (let y = top; y < Math.min(height, top + rows); y++) {
          labels.data.fill(id, y * width + left, y * width + Math.min(width, left + columns));
        }
      }
      return labels;
    });
    return fc.record({ prediction: map, truth: map });
  });

/** The map with every id but 0 replaced. */
export function relabelled(labels: LabelMap, newId: (id: number) => number): LabelMap {
  return { ...labels, data: labels.data.map((id) => (id === 0 ? 0 : newId(id))) };
}

/** A random renumbering of all the ids that {@link labelMapPairs} uses. */
export const renumberings: fc.Arbitrary<(id: number) => number> = fc
  .shuffledSubarray([5, 6, 1, 400, 3_000_000_000, 17], { minLength: ids.length })
  .map((fresh) => (id) => fresh[ids.indexOf(id)]);
