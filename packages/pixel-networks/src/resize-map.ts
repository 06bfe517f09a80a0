import type { ImageSize } from '@pffnet/network';
import { resizeLabels } from '@pffnet/structures';

/**
 * A map at another size, whose pixels take the numbers of the nearest ones.
 * @param map - one number per pixel.
 */
export function resizeMap(
  { height, width, data }: ImageSize & { readonly data: Uint8Array | Float32Array },
  size: ImageSize,
): Float32Array {
  if (height === size.height && width === size.width) return Float32Array.from(data);
  const nearest = resizeLabels({ height, width, data: Uint32Array.from(data.keys()) }, size).data;
  return Float32Array.from(nearest, (pixel) => data[pixel]);
}
