import type { Boxes } from '@pffnet/structures';

/** @returns [indices.length * 4] the boxes at the given indices, in their order. */
export function gatherBoxes(boxes: Boxes, indices: Int32Array): Boxes {
  const gathered = new Float32Array(indices.length * 4);
  indices.forEach((index, place) => gathered.set(boxes.subarray(4 * index, 4 * index + 4), 4 * place));
  return gathered;
}
