import { DataError, type Polygon, type Ring } from '@pffnet/structures';

const headerBytes = 64;
const secondHeaderBytes = 64;
const version = 228; // of ImageJ 1.52t and later
/** Types of selection. */
const [polygon, rectangle, freehand, traced] = [0, 1, 7, 8];
/** Straight, segmented and freehand line, angle, point: they name an object and enclose no area. */
const withoutArea = [3, 4, 5, 9, 10];
/** Coordinates that a 16-bit number holds; ImageJ reads what is above as negative. */
const greatestShort = 60535;
const mostShortCorners = 65535;
const subPixel = 128;
/** Segments of a composite selection. */
const [moveTo, lineTo, closePath] = [0, 1, 4];
const most = 2 ** 24;
const expectation =
  'expected an ImageJ selection that encloses an area: polygon, freehand, traced, rectangle or composite';

/**
 * Writes outlines as one ImageJ selection (.roi): one ring as a traced one; pieces, holes, more than 65,535 corners or
 * coordinates above 60,535, which 16 bits do not hold, as a composite one of 32-bit numbers.
 * @param polygons - along pixel edges, whole numbers.
 * @throws DataError if there is no outline.
 * @remarks Source: ImageJ 1.53, `ij.io.RoiEncoder` and `RoiDecoder`: big-endian, a header of 64 bytes, coordinates, a
 * second header of 64 bytes with the place of the name, the name in 16-bit characters.
 */
export function encodeRoi(polygons: readonly Polygon[], name: string): Uint8Array {
  const rings = polygons.flat().map(withoutRepeat);
  if (rings.length === 0) throw new DataError(`cannot write the selection ${name}: it has no outline`);
  const [left, top, right, bottom] = boundsOf(rings);
  const short =
    rings.length === 1 && rings[0].length <= mostShortCorners && right <= greatestShort && bottom <= greatestShort;
  const coordinates = short ? shortCoordinates(rings[0], left, top) : pathOf(rings);
  const nameAt = headerBytes + coordinates.length + secondHeaderBytes;
  const file = Buffer.alloc(nameAt + name.length * 2);
  file.write('Iout', 0, 'latin1');
  file.writeUInt16BE(version, 4);
  file[6] = short ? traced : rectangle;
  [top, left, bottom, right].forEach((edge, index) => file.writeUInt16BE(Math.min(edge, 65535), 8 + index * 2));
  if (short) file.writeUInt16BE(rings[0].length, 16);
  else file.writeUInt32BE(coordinates.length / 4, 36);
  file.writeUInt32BE(headerBytes + coordinates.length, 60);
  file.set(coordinates, headerBytes);
  const second = headerBytes + coordinates.length;
  file.writeUInt32BE(nameAt, second + 16);
  file.writeUInt32BE(name.length, second + 20);
  Buffer.from(name, 'utf16le').swap16().copy(file, nameAt);
  return file;
}

/**
 * Reads the outlines of an ImageJ selection (.roi).
 * @returns one polygon of all rings: what an odd number of them encloses belongs to the object. No ring for points, lines
 * and angles, which enclose nothing.
 * @throws DataError if it is no such file, was cut off, or encloses an area that straight lines do not describe: ovals and
 * curves.
 */
export function decodeRoi(bytes: Uint8Array, where: string): Polygon {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < headerBytes || file.toString('latin1', 0, 4) !== 'Iout') {
    throw new DataError(`${where} does not begin as an ImageJ selection does; ${expectation}`);
  }
  const type = file[6];
  const [top, left, bottom, right] = [8, 10, 12, 14].map((at) => shortAt(file, at));
  if (withoutArea.includes(type)) return [];
  const pathLength = file.readInt32BE(36);
  if (pathLength > 0) return ringsOfPath(numbersAt(file, headerBytes, pathLength, where), where);
  if (type === rectangle) return [closed([left, top], [right, top], [right, bottom], [left, bottom])];
  if (type !== polygon && type !== freehand && type !== traced) {
    throw new DataError(`${where} is a selection of type ${type}; ${expectation}; turn it into a polygon in ImageJ`);
  }
  const corners = file.readUInt16BE(16);
  const fine = (file.readUInt16BE(50) & subPixel) !== 0 && file.readUInt16BE(4) >= 222;
  if (corners < 3) return [];
  if (headerBytes + corners * (fine ? 12 : 4) > file.length) {
    throw new DataError(`${where} has ${corners} corners in ${file.length} bytes; ${expectation}; save it again`);
  }
  if (fine) {
    const numbers = numbersAt(file, headerBytes + corners * 4, corners * 2, where);
    return [
      closed(
        ...Array.from({ length: corners }, (_, index): Ring[number] => [numbers[index], numbers[corners + index]]),
      ),
    ];
  }
  // Relative to the selection's own corner; ImageJ takes negative ones as 0.
  const at = (index: number): number => Math.max(0, shortAt(file, headerBytes + index * 2));
  return [
    closed(
      ...Array.from({ length: corners }, (_, index): Ring[number] => [left + at(index), top + at(corners + index)]),
    ),
  ];
}

function withoutRepeat(ring: Ring): Ring {
  const [first, last] = [ring[0], ring[ring.length - 1]];
  return ring.length > 1 && first[0] === last[0] && first[1] === last[1] ? ring.slice(0, -1) : ring;
}

function boundsOf(rings: readonly Ring[]): [left: number, top: number, right: number, bottom: number] {
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (const [x, y] of ring) {
      bounds[0] = Math.min(bounds[0], x);
      bounds[1] = Math.min(bounds[1], y);
      bounds[2] = Math.max(bounds[2], x);
      bounds[3] = Math.max(bounds[3], y);
    }
  }
  return bounds;
}

function shortCoordinates(ring: Ring, left: number, top: number): Uint8Array {
  const bytes = Buffer.alloc(ring.length * 4);
  ring.forEach(([x, y], index) => {
    bytes.writeUInt16BE(x - left, index * 2);
    bytes.writeUInt16BE(y - top, (ring.length + index) * 2);
  });
  return bytes;
}

function pathOf(rings: readonly Ring[]): Uint8Array {
  const numbers: number[] = [];
  for (const ring of rings) {
    ring.forEach(([x, y], index) => numbers.push(index === 0 ? moveTo : lineTo, x, y));
    numbers.push(closePath);
  }
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, index) => bytes.writeFloatBE(number, index * 4));
  return bytes;
}

function ringsOfPath(numbers: Float32Array, where: string): Polygon {
  const rings: Ring[] = [];
  for (let at = 0; at < numbers.length;) {
    const segment = numbers[at];
    if (segment === closePath) {
      at++;
      continue;
    }
    if (
      (segment !== moveTo && segment !== lineTo) ||
      at + 2 >= numbers.length ||
      (segment === lineTo && rings.length === 0)
    ) {
      throw new DataError(`${where} has curves or a broken path; ${expectation}; turn it into a polygon in ImageJ`);
    }
    if (segment === moveTo) rings.push([]);
    rings[rings.length - 1].push([numbers[at + 1], numbers[at + 2]]);
    at += 3;
  }
  return rings.filter(({ length }) => length >= 3).map((ring) => closed(...withoutRepeat(ring)));
}

function numbersAt(file: Buffer, from: number, length: number, where: string): Float32Array {
  if (length > most || from + length * 4 > file.length) {
    throw new DataError(`${where} has ${length} numbers in ${file.length} bytes; ${expectation}; save it again`);
  }
  return Float32Array.from({ length }, (_, index) => file.readFloatBE(from + index * 4));
}

function closed(...corners: Ring): Ring {
  return [...corners, corners[0]];
}

/** A 16-bit number as ImageJ reads it: from -5,000 to 60,535. */
function shortAt(file: Buffer, at: number): number {
  const value = file.readUInt16BE(at);
  return value > greatestShort ? value - 65536 : value;
}
