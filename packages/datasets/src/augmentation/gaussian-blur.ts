import type { RgbImage } from '@pffnet/structures';
import { mirroredIndex } from './mirrored-index.ts';

/**
 * Blurs an image with the kernel exp(-d^2 / (2 sigma^2)), cut at 3 sigma; the image is mirrored at its edges, so that
 * its mean stays.
 * @param sigma - pixels; 0 changes nothing.
 */
export function gaussianBlur(image: RgbImage, sigma: number): RgbImage {
  if (sigma <= 0) return image;
  const { height, width, data } = image;
  const kernel = gaussianKernel(sigma);
  const rowsDone = blurLines(data, kernel, { lines: height, length: width, lineStep: width * 3, step: 3 });
  const done = blurLines(rowsDone, kernel, { lines: width, length: height, lineStep: 3, step: width * 3 });
  return { height, width, data: done };
}

/** Weights of distances 0, 1, …, radius; both sides together sum to 1. */
function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const half = Float64Array.from({ length: radius + 1 }, (_, distance) => Math.exp(-0.5 * (distance / sigma) ** 2));
  const total = half.reduce((sum, weight) => sum + 2 * weight, -half[0]);
  return half.map((weight) => weight / total);
}

function blurLines(
  data: Float32Array,
  kernel: Float64Array,
  { lines, length, lineStep, step }: { lines: number; length: number; lineStep: number; step: number },
): Float32Array {
  const blurred = new Float32Array(data.length);
  const radius = kernel.length - 1;
  // The line with its mirrored ends, so that the inner loop needs no test.
  const sources = Int32Array.from(
    { length: length + 2 * radius },
    (_, at) => mirroredIndex(at - radius, length) * step,
  );
  for (let line = 0; line < lines; line++) {
    for (let channel = 0; channel < 3; channel++) {
      const base = line * lineStep + channel;
      for (let at = 0; at < length; at++) {
        let sum = kernel[0] * data[base + sources[at + radius]];
        for (let distance = 1; distance <= radius; distance++) {
          const ends = data[base + sources[at + radius - distance]] + data[base + sources[at + radius + distance]];
          sum += kernel[distance] * ends;
        }
        blurred[base + at * step] = sum;
      }
    }
  }
  return blurred;
}
