import type { LabelledImage, Streams } from '@pffnet/network';
import { labelMap, randomStream } from '@pffnet/structures';

/** Two bright rectangles that touch, on dark ground, of odd size so that they must be padded. */
export const sample: LabelledImage = (() => {
  const [height, width] = [13, 10];
  const labels = labelMap(height, width);
  for (let y = 3; y < 8; y++) {
    for (let x = 1; x < 8; x++) labels.data[y * width + x] = x < 5 ? 1 : 2;
  }
  const greys = [40, 200, 160];
  const data = Float32Array.from({ length: height * width * 3 }, (_, at) => greys[labels.data[Math.floor(at / 3)]]);
  return { image: { height, width, data }, labels };
})();

/** The random streams of a test. */
export const streams: Streams = (purpose) => randomStream(0, purpose);
