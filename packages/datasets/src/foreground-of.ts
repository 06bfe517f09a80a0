import type { LabelMap } from '@pffnet/tensor-ops/structures';

/**
 * The pixels that belong to any object.
 * @returns [height * width], 1 inside objects and 0 in the background.
 */
export function foregroundOf({ data }: LabelMap): Uint8Array {
  const foreground = new Uint8Array(data.length);
  for (let pixel = 0; pixel < data.length; pixel++) if (data[pixel] !== 0) foreground[pixel] = 1;
  return foreground;
}
