import { type Contour, labelComponents, type LabelMap, type Polygon, type Ring } from '@pffnet/structures';

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
  const pieces = labelComponents(labels, 4).data;
  const line = new EdgeLine(pieces, labels);
  const starts = ringStarts(pieces, labels, line);
  const { data } = labels;
  starts.sort((a, b) => data[a] - data[b] || pieces[a] - pieces[b] || a - b);
  for (let at = 0; at < starts.length;) {
    const id = data[starts[at]];
    const polygons: Polygon[] = [];
    while (at < starts.length && data[starts[at]] === id) {
      const piece = pieces[starts[at]];
      const polygon: Polygon = [];
      for (; at < starts.length && pieces[starts[at]] === piece; at++) {
        line.follow(starts[at]);
        const rings = line.meetsItself ? simpleRings(line.corners(), labels.width) : [closed(line.corners())];
        for (const ring of rings) {
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

/** The first pixel of every line around a piece or one of its holes: the one whose upper edge comes first. */
function ringStarts(pieces: Uint32Array, { width }: Size, line: EdgeLine): Uint32Array {
  const starts: number[] = [];
  for (let pixel = 0; pixel < pieces.length; pixel++) {
    // Every line has an upper edge. A piece's first one lies on its outer line.
    if (pieces[pixel] === 0 || line.passed[pixel] === 1) continue;
    if (pixel >= width && pieces[pixel - width] === pieces[pixel]) continue;
    starts.push(pixel);
    line.follow(pixel);
  }
  return Uint32Array.from(starts);
}

/** Steps right, down, left, up. */
const stepX = [1, 0, -1, 0];
const stepY = [0, 1, 0, -1];
/** From a corner, heading right, down, left, up: the pixel ahead on the right-hand side, and on the left-hand side. */
const rightX = [0, -1, -1, 0];
const rightY = [0, 0, -1, -1];
const leftX = [0, 0, -1, -1];
const leftY = [-1, 0, 0, -1];

/** Follows the edges of pieces, the piece on the right-hand side. One line is kept at a time. */
class EdgeLine {
  /** By pixel: 1 if a line that was followed passes its upper edge. */
  readonly passed: Uint8Array;
  /** Whether the line may pass a corner twice: pixels of its piece meet there, and their sides do not. */
  meetsItself = false;
  readonly #pieces: Uint32Array;
  readonly #size: Size;
  /** x and y of each corner; those of a longer line may follow. */
  readonly #numbers: number[] = [];
  #count = 0;

  constructor(pieces: Uint32Array, size: Size) {
    this.#pieces = pieces;
    this.#size = size;
    this.passed = new Uint8Array(pieces.length);
  }

  /** Follows an edge from the upper left corner of a pixel until it closes. */
  follow(first: number): void {
    const [pieces, passed] = [this.#pieces, this.passed];
    const { height, width } = this.#size;
    const piece = pieces[first];
    const belongs = (x: number, y: number): boolean =>
      x >= 0 && y >= 0 && x < width && y < height && pieces[y * width + x] === piece;
    const startX = first % width;
    const startY = (first - startX) / width;
    let [x, y, heading] = [startX, startY, 0];
    let turned = true;
    this.#count = 0;
    this.meetsItself = false;
    do {
      if (turned) this.#add(x, y);
      if (heading === 0) passed[y * width + x] = 1;
      x += stepX[heading];
      y += stepY[heading];
      const isLeft = belongs(x + leftX[heading], y + leftY[heading]);
      // Turning right first keeps pixels apart that touch at a corner only.
      if (!belongs(x + rightX[heading], y + rightY[heading])) {
        heading = (heading + 1) % 4;
        turned = true;
        if (isLeft) this.meetsItself = true;
      } else {
        turned = isLeft;
        if (turned) heading = (heading + 3) % 4;
      }
    } while (x !== startX || y !== startY || heading !== 0);
  }

  /** The corners of the line, the first one not repeated. */
  corners(): Ring {
    const corners: Ring = [];
    for (let at = 0; at < this.#count; at += 2) corners.push([this.#numbers[at], this.#numbers[at + 1]]);
    return corners;
  }

  #add(x: number, y: number): void {
    this.#numbers[this.#count++] = x;
    this.#numbers[this.#count++] = y;
  }
}

function closed(corners: Ring): Ring {
  corners.push(corners[0]);
  return corners;
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
