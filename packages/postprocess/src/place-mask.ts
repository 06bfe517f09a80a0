import type { Detections, Geometry } from '@pffnet/structures';

/** A mask in the image: only the pixels that its box can reach. */
export interface PlacedMask {
  /** First row. */
  readonly y: number;
  /** First column. */
  readonly x: number;
  readonly height: number;
  readonly width: number;
  /** [height * width] 1 in pixels of the mask, then possibly more that is not meant; valid until the next mask. */
  readonly bits: Uint8Array;
}

/** How masks become pixels. */
export interface Placement {
  /** Pixels above this probability belong to the mask: 0.5 in the paper. */
  readonly maskThreshold: number;
  /**
   * `continuous` reads the mask at each pixel's centre; `legacy` rounds the expanded box to whole inclusive pixels and
   * stretches the mask over them, as the released code does.
   */
  readonly geometry: Geometry;
}

/** One axis of a window: its pixels, and where each falls among the cells of the mask with a ring of zeros around it. */
interface Axis {
  readonly start: number;
  readonly length: number;
  /** Padded cell before each pixel. */
  readonly low: Int32Array;
  /** Weight of the cell after it. */
  readonly fraction: Float64Array;
}

/**
 * Prepares to place masks into an image, one after the other: memory is one window, whatever the number of masks.
 * @returns a function of the detection's index. A box without pixels gives an empty window.
 * @remarks Source: sources.md row P19: the mask gets a ring of zeros, its box grows by the same ring, and between cells
 * the probability is bilinear.
 */
export function maskPlacer(
  { boxes, masks, maskSide }: Detections,
  size: { readonly height: number; readonly width: number },
  { maskThreshold, geometry }: Placement,
): (index: number) => PlacedMask {
  const ring = maskSide + 2;
  // One row and one column more than the ring needs: the last cell, too, has a neighbour to be read with weight 0.
  const stride = ring + 1;
  const padded = new Float64Array(stride * stride);
  const row = new Float64Array(stride);
  let bits = new Uint8Array(0);
  const axisOf = geometry === 'legacy' ? legacyAxis : continuousAxis;

  return (index) => {
    const rows = axisOf(boxes[index * 4], boxes[index * 4 + 2], maskSide, size.height);
    const columns = axisOf(boxes[index * 4 + 1], boxes[index * 4 + 3], maskSide, size.width);
    const { low, fraction, length: width } = columns;
    const pixels = rows.length * width;
    if (pixels > bits.length) bits = new Uint8Array(pixels);
    if (pixels === 0) return { y: rows.start, x: columns.start, height: 0, width: 0, bits };

    for (let cellRow = 0; cellRow < maskSide; cellRow++) {
      const from = (index * maskSide + cellRow) * maskSide;
      padded.set(masks.subarray(from, from + maskSide), (cellRow + 1) * stride + 1);
    }
    for (let i = 0, pixel = 0; i < rows.length; i++) {
      const above = rows.low[i] * stride;
      const weight = rows.fraction[i];
      for (let cell = 0; cell < ring; cell++) {
        row[cell] = padded[above + cell] + weight * (padded[above + stride + cell] - padded[above + cell]);
      }
      for (let j = 0; j < width; j++, pixel++) {
        const left = row[low[j]];
        bits[pixel] = left + fraction[j] * (row[low[j] + 1] - left) > maskThreshold ? 1 : 0;
      }
    }
    return { y: rows.start, x: columns.start, height: rows.length, width, bits };
  };
}

/** Pixels whose centres lie inside the box grown by one cell on either side. */
function continuousAxis(from: number, to: number, side: number, pixels: number): Axis {
  const cell = (to - from) / side;
  const start = Math.max(0, Math.ceil(from - cell - 0.5));
  const end = Math.min(pixels, Math.ceil(to + cell - 0.5));
  return axis(cell > 0 ? start : 0, cell > 0 ? end : 0, side + 2, (pixel) => (pixel + 0.5 - from) / cell + 0.5);
}

/** Pixels of the box grown about its centre and cut to integers; a box is at least one pixel. */
function legacyAxis(from: number, to: number, side: number, pixels: number): Axis {
  const centre = (from + to) / 2;
  const half = ((to - from) / 2) * ((side + 2) / side);
  const first = Math.trunc(centre - half);
  const length = Math.max(Math.trunc(centre + half) - first + 1, 1);
  const step = (side + 2) / length;
  const start = Math.max(0, first);
  const end = Math.min(pixels, first + length);
  return axis(start, end, side + 2, (pixel) => (pixel - first + 0.5) * step - 0.5);
}

function axis(start: number, end: number, ring: number, cellAt: (pixel: number) => number): Axis {
  const length = Math.max(0, end - start) || 0;
  const low = new Int32Array(length);
  const fraction = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const at = Math.min(Math.max(cellAt(start + i), 0), ring - 1);
    low[i] = Math.floor(at);
    fraction[i] = at - low[i];
  }
  return { start, length, low, fraction };
}
