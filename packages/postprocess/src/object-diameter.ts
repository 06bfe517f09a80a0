/** The diameter of the disc of that many pixels: 2 sqrt(area / pi). */
export const discDiameter = (area: number): number => 2 * Math.sqrt(area / Math.PI);

/**
 * How large some objects are: the median of their {@link discDiameter}s.
 * @param areas - in pixels.
 * @returns pixels; null without any object.
 */
export function medianDiameter(areas: Iterable<number>): number | null {
  const sorted = Float64Array.from(areas).sort();
  if (sorted.length === 0) return null;
  const middle = sorted.length / 2;
  // Diameters ascend with areas; of an even number the mean of the middle two.
  return (discDiameter(sorted[Math.ceil(middle) - 1]) + discDiameter(sorted[Math.floor(middle)])) / 2;
}

/**
 * The diameter up to which half of the objects' pixels lie: a median in which every object counts by its area, so that
 * many specks say less than a few objects.
 * @param areas - in pixels.
 * @returns pixels; null without any object.
 */
export function medianDiameterByArea(areas: Iterable<number>): number | null {
  const sorted = Float64Array.from(areas).sort();
  const half = sorted.reduce((sum, area) => sum + area, 0) / 2;
  let covered = 0;
  const middle = sorted.find((area) => (covered += area) >= half);
  return middle === undefined ? null : discDiameter(middle);
}
