import type { Contour, LabelMap, Polygon, Ring } from '@pffnet/tensor-ops/structures';

/**
 * Outlines every object of a label map along pixel edges: pixel (y, x) is the square from (x, y) to (x + 1, y + 1).
 * Coordinates are those of a GeoJSON MultiPolygon: rings never cross or touch themselves, the shoelace sum
 * (x1 y2 - x2 y1 + ...) / 2 is positive for outer rings and negative for holes, and adds up to the object's pixels.
 * @returns contours in ascending order of ids, the pieces of each in the order of their first pixels; pixels that touch
 * only at a corner are separate pieces. None for an empty map.
 */
export function contours(labels: LabelMap): Contour[] {
  const { pieces, idOfPiece } = piecesOf(labels);
  const polygons: Polygon[] = idOfPiece.map(() => []);
  const { height, width } = labels;
  const traced = new Uint8Array(height * width);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const piece = pieces[pixel];
      // Every ring has an upper edge. A piece's first one lies on its outer ring.
      if (piece === 0 || traced[pixel] === 1 || (y > 0 && pieces[pixel - width] === piece)) continue;
      for (const ring of simpleRings(trace(pieces, { height, width }, pixel, traced))) {
        // An outer line that touches itself is cut into the outer ring and holes, in any order.
        if (isOuter(ring)) polygons[piece].unshift(ring);
        else polygons[piece].push(ring);
      }
    }
  }
  const byId = new Map<number, Polygon[]>();
  polygons.forEach((polygon, piece) => {
    if (piece === 0) return;
    const found = byId.get(idOfPiece[piece]);
    if (found === undefined) byId.set(idOfPiece[piece], [polygon]);
    else found.push(polygon);
  });
  return [...byId].sort(([a], [b]) => a - b).map(([id, pieces]) => ({ id, polygons: pieces }));
}

/** Numbers the pieces of all objects 1, 2, ... in the order of their first pixels; pixels of a piece share edges. */
function piecesOf({ height, width, data }: LabelMap): { pieces: Uint32Array; idOfPiece: number[] } {
  const pieces = new Uint32Array(data.length);
  const idOfPiece = [0];
  const open: number[] = [];
  for (let first = 0; first < data.length; first++) {
    if (data[first] === 0 || pieces[first] !== 0) continue;
    const [id, piece] = [data[first], idOfPiece.length];
    idOfPiece.push(id);
    const visit = (pixel: number): void => {
      if (data[pixel] !== id || pieces[pixel] !== 0) return;
      pieces[pixel] = piece;
      open.push(pixel);
    };
    visit(first);
    for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop()) {
      const x = pixel % width;
      if (x > 0) visit(pixel - 1);
      if (x < width - 1) visit(pixel + 1);
      if (pixel >= width) visit(pixel - width);
      if (pixel < (height - 1) * width) visit(pixel + width);
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
 * Follows a piece's edge from the upper left corner of a pixel, the piece on the right-hand side, until it closes, and
 * notes the upper edges that it passes. Only corners are kept.
 */
function trace(
  pieces: Uint32Array,
  { height, width }: { height: number; width: number },
  first: number,
  traced: Uint8Array,
): Ring {
  const piece = pieces[first];
  const belongs = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && pieces[y * width + x] === piece;
  const startX = first % width;
  const startY = (first - startX) / width;
  const corners: Ring = [];
  let [x, y, heading] = [startX, startY, 0];
  let turned = true;
  do {
    if (turned) corners.push([x, y]);
    if (heading === 0) traced[y * width + x] = 1;
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
  return corners;
}

/** Cuts a line that passes through a corner twice into rings that do not, each closed. */
function simpleRings(corners: Ring): Ring[] {
  const rings: Ring[] = [];
  const path: Ring = [];
  const placeOf = new Map<string, number>();
  for (const corner of corners) {
    const key = `${corner[0]},${corner[1]}`;
    const before = placeOf.get(key);
    if (before === undefined) {
      placeOf.set(key, path.push(corner) - 1);
      continue;
    }
    rings.push([...path.slice(before), corner]);
    for (const [px, py] of path.splice(before + 1)) placeOf.delete(`${px},${py}`);
  }
  rings.push([...path, path[0]]);
  return rings;
}

function isOuter(ring: Ring): boolean {
  let twice = 0;
  for (let at = 1; at < ring.length; at++) twice += ring[at - 1][0] * ring[at][1] - ring[at][0] * ring[at - 1][1];
  return twice > 0;
}
