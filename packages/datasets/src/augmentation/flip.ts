import type { Sample } from '../sample.ts';
import { rearrange } from './rearrange.ts';

/** Mirrors left and right. */
export function flipHorizontal(sample: Sample): Sample {
  const { height, width } = sample.labels;
  return rearrange(sample, { height, width }, (y, x) => y * width + (width - 1 - x));
}

/** Mirrors top and bottom. */
export function flipVertical(sample: Sample): Sample {
  const { height, width } = sample.labels;
  return rearrange(sample, { height, width }, (y, x) => (height - 1 - y) * width + x);
}
