import type { Sample } from '../sample.ts';
import { rearrange } from './rearrange.ts';

/**
 * Rotates image and labels by 90 degrees counter-clockwise, as NumPy's `rot90`; odd turns exchange height and width.
 * @param turns - how often, any integer; negative turns go clockwise.
 */
export function rot90(sample: Sample, turns: number): Sample {
  const { height, width } = sample.labels;
  switch (((turns % 4) + 4) % 4) {
    case 1: // the last column becomes the first row
      return rearrange(sample, { height: width, width: height }, (y, x) => x * width + (width - 1 - y));
    case 2:
      return rearrange(sample, { height, width }, (y, x) => (height - 1 - y) * width + (width - 1 - x));
    case 3: // the first column, read upwards, becomes the first row
      return rearrange(sample, { height: width, width: height }, (y, x) => (height - 1 - x) * width + y);
    default:
      return sample;
  }
}
