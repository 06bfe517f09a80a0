import type { Boxes } from '@pffnet/structures';

/** @returns [indices.length * 4] the boxes at the given indices, in their order. */
export function gatherBoxes(boxes: Boxes, indices: Int32Array): Boxes {
  const gathered = new Float32Array(indices.length * 4);
  for (let place = 0; place < indices.length; place++) {
    const from = 4 * indices[place];
    for (let edge = 0; edge < 4; edge++) gathered[4 * place + edge] = boxes[from + edge];
  }
  return gathered;
}
