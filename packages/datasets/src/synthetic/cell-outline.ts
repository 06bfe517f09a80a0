import type { RandomStream } from '@pffnet/structures';

// Jest looks globals up slowly, and this happens per pixel.
const { atan2, ceil, cos, floor, hypot, max, min, PI, sin, sqrt } = Math;

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
  const [long, short] = [radius * sqrt(elongation), radius / sqrt(elongation)];
  const turn = PI * stream.uniform();
  const waves = [2, 3, 4].map((count) => ({
    count,
    height: (0.12 / (count - 1)) * (2 * stream.uniform() - 1),
    phase: 2 * PI * stream.uniform(),
  }));
  return {
    y,
    x,
    reach: long * (1 + waves.reduce((sum, { height }) => sum + Math.abs(height), 0)),
    radiusTowards(dy, dx) {
      const angle = atan2(dy, dx) - turn;
      const ellipse = 1 / hypot(cos(angle) / long, sin(angle) / short);
      return ellipse * waves.reduce((sum, { count, height, phase }) => sum + height * cos(count * angle + phase), 1);
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
  for (let row = max(0, floor(y - far)); row < min(size, ceil(y + far)); row++) {
    for (let column = max(0, floor(x - far)); column < min(size, ceil(x + far)); column++) {
      const [dy, dx] = [row + 0.5 - y, column + 0.5 - x];
      const depth = outline.radiusTowards(dy, dx) - hypot(dy, dx);
      if (depth > -margin) visit(row * size + column, depth);
    }
  }
}
