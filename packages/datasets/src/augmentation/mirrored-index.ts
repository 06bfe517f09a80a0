/**
 * The index that stands in for one outside a row, with the row mirrored at its ends: … 1 0 | 0 1 2 | 2 1 …
 * A filter that is symmetric then keeps the row's sum.
 */
export function mirroredIndex(index: number, length: number): number {
  const period = 2 * length;
  const folded = ((index % period) + period) % period;
  return folded < length ? folded : period - 1 - folded;
}
