import type { Boxes, Geometry, Size } from '@pffnet/structures';
import type { AnchorConfig } from './config.ts';

/** Image pixels between the cells of P2; every further level doubles it. */
const FINEST_STRIDE = 4;

/**
 * Places anchors on every cell of every level. An anchor of size s and ratio r is s / sqrt(r) wide and s * sqrt(r) high,
 * centred on its cell.
 * @param mapSizes - of P2, P3, ... in this order.
 * @returns per level [height * width * ratios] boxes, image pixels, in the order (row, column, ratio), ratio fastest.
 * @remarks Source: Lin et al. 2017, section 4.1. `legacy` rounds sides as the released code does: first those of an
 * anchor as large as the stride, then scaled to the size; cell (0, 0) is centred on (stride - 1) / 2.
 */
export function anchorsOfPyramid(
  mapSizes: readonly Size[],
  { sizes, ratios }: AnchorConfig,
  geometry: Geometry,
): Boxes[] {
  return mapSizes.map(({ height, width }, level) => {
    const stride = FINEST_STRIDE * 2 ** level;
    const anchorOf = geometry === 'legacy' ? roundedAnchor : exactAnchor;
    const cell = Float64Array.from(ratios.flatMap((ratio) => anchorOf(sizes[level], ratio, stride)));
    const anchors = new Float32Array(height * width * cell.length);
    let at = 0;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        for (let edge = 0; edge < cell.length; edge += 2) {
          anchors[at++] = cell[edge] + row * stride;
          anchors[at++] = cell[edge + 1] + column * stride;
        }
      }
    }
    return anchors;
  });
}

type Corners = readonly [y1: number, x1: number, y2: number, x2: number];

function exactAnchor(size: number, ratio: number, stride: number): Corners {
  const [height, width] = [size * Math.sqrt(ratio), size / Math.sqrt(ratio)];
  return [(stride - height) / 2, (stride - width) / 2, (stride + height) / 2, (stride + width) / 2];
}

/** Inclusive corners around the pixel-centre coordinate (stride - 1) / 2. */
function roundedAnchor(size: number, ratio: number, stride: number): Corners {
  const columns = roundHalfEven(Math.sqrt((stride * stride) / ratio));
  const rows = roundHalfEven(columns * ratio);
  const [height, width] = [(rows * size) / stride, (columns * size) / stride];
  const centre = (stride - 1) / 2;
  return [centre - (height - 1) / 2, centre - (width - 1) / 2, centre + (height - 1) / 2, centre + (width - 1) / 2];
}

/** Rounds as IEEE 754 and NumPy do: halves to the even neighbour. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
