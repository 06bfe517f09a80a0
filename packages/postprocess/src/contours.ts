import type { Contour, LabelMap, Polygon, Ring } from '@pffnet/structures';

type Size = Pick<LabelMap, 'height' | 'width'>;

/**
 * Outlines every object of a label map along pixel edges: pixel (y, x) is the square from (x, y) to (x + 1, y + 1).
 * Coordinates are those of a GeoJSON MultiPolygon: rings never cross or touch themselves, the shoelace sum
 * (x1 y2 - x2 y1 + ...) / 2 is positive for outer rings and negative for holes, and adds up to the object's pixels.
 *
 * One object is drawn at a time: beside the label map, 5 bytes per pixel and a number per ring are kept, whatever
 * the number of corners.
 * @returns contours in ascending order of ids, the pieces of each in the order of their first pixels; pixels that touch
 * only at a corner are separate pieces. None for an empty map.
 */
export function* contours(labels: LabelMap): Generator<Contour, void, undefined> {
  const { pieces, idOfPiece } = piecesOf(labels);
  const idAt = (start: number): number => idOfPiece[pieces[start]];
  const starts = ringStarts(pieces, labels).sort((a, b) => idAt(a) - idAt(b) || pieces[a] - pieces[b] || a - b);
  for (let at = 0; at < starts.length;) {
    const id = idAt(starts[at]);
    const polygons: Polygon[] = [];
    while (at < starts.length && idAt(starts[at]) === id) {
      const piece = pieces[starts[at]];
      const polygon: Polygon = [];
      for (; at < starts.length && pieces[starts[at]] === piece; at++) {
        for (const ring of simpleRings(cornersFrom(starts[at], pieces, labels), labels.width)) {
          // An outer line that touches itself is cut into the outer ring and holes, in any order.
          if (isOuter(ring)) polygon.unshift(ring);
          else polygon.push(ring);
        }
      }
      polygons.push(polygon);
    }
    yield { id, polygons };
  }
}

const nothing = (): void => undefined;

/** The first pixel of every line around a piece or one of its holes: the one whose upper edge comes first. */
function ringStarts(pieces: Uint32Array, size: Size): number[] {
  const { height, width } = size;
  const starts: number[] = [];
  const traced = new Uint8Array(height * width);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      // Every line has an upper edge. A piece's first one lies on its outer line.
      if (pieces[pixel] === 0 || traced[pixel] === 1 || (y > 0 && pieces[pixel - width] === pieces[pixel])) continue;
      starts.push(pixel);
      followEdge(pieces, size, pixel, nothing, (upper) => (traced[upper] = 1));
    }
  }
  return starts;
}

function cornersFrom(start: number, pieces: Uint32Array, size: Size): Ring {
  const corners: Ring = [];
  followEdge(pieces, size, start, (x, y) => corners.push([x, y]), nothing);
  return corners;
}

/** Numbers the pieces of all objects 1, 2, ... in the order of their first pixels; pixels of a piece share edges. */
function piecesOf({ width, data }: LabelMap): { pieces: Uint32Array; idOfPiece: number[] } {
  const pieces = new Uint32Array(data.length);
  const idOfPiece = [0];
  const open: number[] = [];
  for (let first = 0; first < data.length; first++) {
    const id = data[first];
    if (id === 0 || pieces[first] !== 0) continue;
    const piece = idOfPiece.push(id) - 1;
    pieces[first] = piece;
    open.push(first);
    for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop()) {
      const x = pixel % width;
      for (let side = 0; side < 4; side++) {
        const isInside = side === 0 ? x > 0 : side === 1 ? x < width - 1 : true;
        const next = pixel + (side === 0 ? -1 : side === 1 ? 1 : side === 2 ? -width : width);
        // Beyond the first and the last row there is no data.
        if (!isInside || data[next] !== id || pieces[next] !== 0) continue;
        pieces[next] = piece;
        open.push(next);
      }
    }
  }
  return { pieces, idOfPiece };
}

/** Steps right, down, left, up. */
const stepX = [1, 0, -1, 0];
const stepY = [0, 1, 0, -1];
/** From a corner, heading right, down, left, up: the pixel ahead on the right-hand side, and on the left-hand side. */
const rightX = [0, -1, -1, 0];
const rightY = [0, 0, -1, -1];
const leftX = [0, 0, -1, -1];
const leftY = [-1, 0, 0, -1];

/**
 * Follows a piece's edge from the upper left corner of a pixel, the piece on the right-hand side, until it closes.
 * @param corner - told every place where the line turns, the start first.
 * @param upperEdge - told every pixel whose upper edge the line passes.
 */
function followEdge(
  pieces: Uint32Array,
  { height, width }: Size,
  first: number,
  corner: (x: number, y: number) => void,
  upperEdge: (pixel: number) => void,
): void {
  const piece = pieces[first];
  const belongs = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && pieces[y * width + x] === piece;
  const startX = first % width;
  const startY = (first - startX) / width;
  let [x, y, heading] = [startX, startY, 0];
  let turned = true;
  do {
    if (turned) corner(x, y);
    if (heading === 0) upperEdge(y * width + x);
    x += stepX[heading];
    y += stepY[heading];
    // Turning right first keeps pixels apart that touch at a corner only.
    if (!belongs(x + rightX[heading], y + rightY[heading])) {
      heading = (heading + 1) % 4;
      turned = true;
    } else {
      turned = belongs(x + leftX[heading], y + leftY[heading]);
      if (turned) heading = (heading + 3) % 4;
    }
  } while (x !== startX || y !== startY || heading !== 0);
}

/** Cuts a line that passes through a corner twice into rings that do not, each closed. */
function simpleRings(corners: Ring, width: number): Ring[] {
  const rings: Ring[] = [];
  const path: Ring = [];
  const placeOf = new Map<number, number>();
  const keyOf = ([x, y]: Ring[number]): number => y * (width + 1) + x;
  for (const corner of corners) {
    const key = keyOf(corner);
    const before = placeOf.get(key);
    if (before === undefined) {
      placeOf.set(key, path.push(corner) - 1);
      continue;
    }
    rings.push([...path.slice(before), corner]);
    for (const passed of path.splice(before + 1)) placeOf.delete(keyOf(passed));
  }
  rings.push([...path, path[0]]);
  return rings;
}

function isOuter(ring: Ring): boolean {
  let twice = 0;
  for (let at = 1; at < ring.length; at++) twice += ring[at - 1][0] * ring[at][1] - ring[at][0] * ring[at - 1][1];
  return twice > 0;
}
