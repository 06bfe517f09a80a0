import type { RandomStream } from '@pffnet/structures';

/**
 * Draws items without replacement, every subset equally likely.
 * @param items - [n], not changed.
 * @param count - how many to draw; when n is not larger, all are taken and the stream stays where it is.
 * @returns [min(n, count)] in the order of `items`.
 */
export function drawSubset(items: Int32Array, count: number, stream: RandomStream): Int32Array {
  if (items.length <= count) return items.slice();
  // The first `count` places of a Fisher-Yates shuffle of positions.
  const positions = new Int32Array(items.length);
  for (let position = 0; position < positions.length; position++) positions[position] = position;
  for (let place = 0; place < count; place++) {
    const other = place + stream.integer(items.length - place);
    const drawn = positions[other];
    positions[other] = positions[place];
    positions[place] = drawn;
  }
  return positions
    .subarray(0, count)
    .sort()
    .map((position) => items[position]);
}
