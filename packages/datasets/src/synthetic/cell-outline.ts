import type { RandomStream } from '@pffnet/tensor-ops/structures';

/** A closed curve around a centre: an ellipse with waves on it. */
export interface CellOutline {
  readonly y: number;
  readonly x: number;
  /** No point of the curve is farther from the centre, pixels. */
  readonly reach: number;
  /** @returns the curve's distance from the centre in the direction (dy, dx), pixels. */
  radiusTowards(dy: number, dx: number): number;
}

/**
 * Draws a nucleus-like outline.
 * @param radius - of the circle of about the same area, pixels.
 */
export function cellOutline(y: number, x: number, radius: number, stream: RandomStream): CellOutline {
  const elongation = 1 + 1.1 * stream.uniform() ** 2; // most nuclei are nearly round
  const [long, short] = [radius * Math.sqrt(elongation), radius / Math.sqrt(elongation)];
  const turn = Math.PI * stream.uniform();
  const waves = [2, 3, 4].map((count) => ({
    count,
    height: (0.12 / (count - 1)) * (2 * stream.uniform() - 1),
    phase: 2 * Math.PI * stream.uniform(),
  }));
  return {
    y,
    x,
    reach: long * (1 + waves.reduce((sum, { height }) => sum + Math.abs(height), 0)),
    radiusTowards(dy, dx) {
      const angle = Math.atan2(dy, dx) - turn;
      const ellipse = 1 / Math.hypot(Math.cos(angle) / long, Math.sin(angle) / short);
      return (
        ellipse * waves.reduce((sum, { count, height, phase }) => sum + height * Math.cos(count * angle + phase), 1)
      );
    },
  };
}

/**
 * How deep each pixel near an outline lies inside it, measured at pixel centres.
 * @param margin - pixels outside the outline that are visited too; their depth is negative.
 * @param visit - called with the pixel's index and its depth in pixels, only for pixels of a size x size image.
 */
export function forEachDepth(
  outline: CellOutline,
  size: number,
  margin: number,
  visit: (pixel: number, depth: number) => void,
): void {
  const { y, x, reach } = outline;
  const far = reach + margin;
  for (let row = Math.max(0, Math.floor(y - far)); row < Math.min(size, Math.ceil(y + far)); row++) {
    for (let column = Math.max(0, Math.floor(x - far)); column < Math.min(size, Math.ceil(x + far)); column++) {
      const [dy, dx] = [row + 0.5 - y, column + 0.5 - x];
      const depth = outline.radiusTowards(dy, dx) - Math.hypot(dy, dx);
      if (depth > -margin) visit(row * size + column, depth);
    }
  }
}
