import { ConfigError, type Detections, ShapeError } from '@pffnet/structures';
import { assertDetections } from './paint-instances.ts';

/** A part of an image that the network reads at once. */
export interface Tile {
  /** First row in the image. */
  readonly y: number;
  /** First column in the image. */
  readonly x: number;
  readonly height: number;
  readonly width: number;
  /** The part of the image whose objects this tile reports, in image pixels: cores share the image out, without gaps. */
  readonly core: { readonly y1: number; readonly x1: number; readonly y2: number; readonly x2: number };
}

/** How an image is cut into tiles. */
export interface Tiling {
  /** Rows and columns of a tile; the last of a row or column may be smaller. */
  readonly tile: number;
  /** Least number of pixels that neighbours share. Twice the largest object is safe: no object is then cut. */
  readonly overlap: number;
  /**
   * Tiles start at multiples of this, so that the network's strides fall on the same pixels as in the whole image. When
   * absent: the largest power of two up to 64, the coarsest stride of the pyramid, that the tiling has room for.
   */
  readonly align?: number;
}

/**
 * Cuts an image into overlapping tiles, row by row. Border tiles end where the image ends.
 * @throws ConfigError if the tiles could not move forward.
 */
export function tilesOf(
  { height, width }: { readonly height: number; readonly width: number },
  { tile, overlap, align = roomFor(tile - overlap) }: Tiling,
): Tile[] {
  const step = Math.floor((tile - overlap) / align) * align;
  if (![tile, overlap, align].every(Number.isInteger) || overlap < 0 || align < 1 || step < 1) {
    throw new ConfigError(
      `tilesOf: expected whole numbers with tile - overlap at least align, got tile ${tile}, overlap ${overlap}, align ${align}`,
    );
  }
  const rows = spansOf(height, tile, step);
  const columns = spansOf(width, tile, step);
  return rows.flatMap((row) =>
    columns.map((column) => ({
      y: row.start,
      x: column.start,
      height: row.length,
      width: column.length,
      core: { y1: row.coreStart, x1: column.coreStart, y2: row.coreEnd, x2: column.coreEnd },
    })),
  );
}

/**
 * Joins what was found in the tiles of one image, as if the image had been read at once.
 * @param parts - each tile of an image with its detections, boxes in the tile's own pixels.
 * @returns boxes in the image's pixels, tile after tile.
 * @throws ShapeError if tiles disagree about mask sides or qualities.
 * @remarks An object is taken from the tile whose core holds the centre of its box; a centre on the line between two
 * cores belongs to the lower or right one. So no object is taken twice, as long as tiles agree on its box; where they
 * differ near a line, the second copy is covered by the first and falls to the rule for covered masks.
 */
export function mergeTiles(parts: readonly { readonly tile: Tile; readonly detections: Detections }[]): Detections {
  const height = Math.max(...parts.map(({ tile }) => tile.core.y2));
  const width = Math.max(...parts.map(({ tile }) => tile.core.x2));
  const filled = parts.filter(({ detections }) => detections.count > 0);
  const kept = filled.map(({ tile, detections }) => {
    assertDetections('mergeTiles', detections);
    return ownedBy(tile, detections, { height, width });
  });
  const count = kept.reduce((total, indices) => total + indices.length, 0);
  const first: Partial<Detections> = (filled[0] ?? parts[0])?.detections ?? {};
  const { maskSide = 0, qualities = null, ranks } = first;
  const cells = maskSide * maskSide;
  const merged = {
    count,
    boxes: new Float32Array(count * 4),
    classScores: new Float32Array(count),
    qualities: qualities === null ? null : new Float32Array(count),
    ...(ranks === undefined ? {} : { ranks: new Float32Array(count) }),
    maskSide,
    masks: new Float32Array(count * cells),
  };
  let at = 0;
  filled.forEach(({ tile, detections }, part) => {
    if (detections.maskSide !== maskSide || (detections.qualities === null) !== (qualities === null)) {
      throw new ShapeError('mergeTiles: expected tiles of one network, got different mask sides or qualities');
    }
    if ((detections.ranks === undefined) !== (ranks === undefined)) {
      throw new ShapeError('mergeTiles: expected tiles of one network, got some with ranks and some without');
    }
    for (const index of kept[part]) {
      const [y1, x1, y2, x2] = detections.boxes.subarray(index * 4, index * 4 + 4);
      merged.boxes.set([y1 + tile.y, x1 + tile.x, y2 + tile.y, x2 + tile.x], at * 4);
      merged.classScores[at] = detections.classScores[index];
      if (merged.qualities !== null && detections.qualities !== null)
        merged.qualities[at] = detections.qualities[index];
      if (merged.ranks !== undefined && detections.ranks !== undefined) merged.ranks[at] = detections.ranks[index];
      merged.masks.set(detections.masks.subarray(index * cells, (index + 1) * cells), at * cells);
      at++;
    }
  });
  return merged;
}

/**
 * Whether a tile reports an object: the centre of its box lies in the tile's core. Beyond the image's border counts as on
 * it; a centre on the line between two cores belongs to the lower or right one.
 * @param box - (y1, x1, y2, x2) in the tile's own pixels.
 * @param image - rows and columns of the image that was cut into tiles.
 */
export function ownsObject(
  { y, x, core }: Tile,
  [y1, x1, y2, x2]: Float32Array,
  image: { readonly height: number; readonly width: number },
): boolean {
  const within = (centre: number, from: number, to: number, end: number): boolean =>
    (centre >= from || from === 0) && (centre < to || to === end);
  return (
    within((y1 + y2) / 2 + y, core.y1, core.y2, image.height) &&
    within((x1 + x2) / 2 + x, core.x1, core.x2, image.width)
  );
}

/** Indices of the detections that a tile reports. */
function ownedBy(tile: Tile, { count, boxes }: Detections, image: { height: number; width: number }): number[] {
  return Array.from({ length: count }, (_, index) => index).filter((index) =>
    ownsObject(tile, boxes.subarray(index * 4, index * 4 + 4), image),
  );
}

/** Tiles along one axis, and how they share it: the line between two cores is the middle of what both tiles see. */
function spansOf(
  pixels: number,
  tile: number,
  step: number,
): { start: number; length: number; coreStart: number; coreEnd: number }[] {
  const starts = [0];
  while (starts[starts.length - 1] + tile < pixels) starts.push(starts[starts.length - 1] + step);
  const between = (left: number): number => Math.floor((starts[left] + tile + starts[left + 1]) / 2);
  return starts.map((start, index) => ({
    start,
    length: Math.min(tile, pixels - start),
    coreStart: index === 0 ? 0 : between(index - 1),
    coreEnd: index === starts.length - 1 ? pixels : between(index),
  }));
}

function roomFor(step: number): number {
  let align = 64;
  while (align > 1 && align > step) align /= 2;
  return align;
}
