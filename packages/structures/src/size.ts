/** Extent of an image or a map, in rows and columns. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** A multiple of a size in whole pixels, at least one in each direction. */
export function scaledSize({ height, width }: Size, factor: number): Size {
  const length = (pixels: number): number => Math.max(1, Math.round(pixels * factor));
  return { height: length(height), width: length(width) };
}
