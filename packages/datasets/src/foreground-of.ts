import type { LabelMap } from '@pffnet/tensor-ops/structures';

/**
 * The pixels that belong to any object.
 * @returns [height * width], 1 inside objects and 0 in the background.
 */
export function foregroundOf({ data }: LabelMap): Uint8Array {
  return Uint8Array.from(data, (id) => (id === 0 ? 0 : 1));
}
