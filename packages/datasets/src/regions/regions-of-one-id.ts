import { labelComponents, type LabelMap } from '@pffnet/structures';

/**
 * In how many regions a label map holds its only id, pixels that meet at a corner being connected.
 * @returns 0 for a map without objects; null if it has several ids, as instance maps do.
 */
export function regionsOfOneId(labels: LabelMap): number | null {
  const { data } = labels;
  let only = 0;
  for (let at = 0; at < data.length; at++) {
    if (data[at] === 0 || data[at] === only) continue;
    if (only !== 0) return null;
    only = data[at];
  }
  if (only === 0) return 0;
  // Numbered in ascending order, so that the greatest number is the count.
  return labelComponents(labels, 8).data.reduce((most, region) => Math.max(most, region), 0);
}
