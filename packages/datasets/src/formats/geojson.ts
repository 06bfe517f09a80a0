import { DataError, type Polygon, type Ring } from '@pffnet/structures';
import { writeAtomically } from '../files/write-atomically.ts';
import { asRecord } from './as-record.ts';
import { inBlocks } from './in-blocks.ts';
import { jsonItems } from './json-items.ts';
import type { OutlinedObject } from './outlined-object.ts';
import { ringText } from './ring-text.ts';

const expected = 'expected GeoJSON as QuPath exports it: a FeatureCollection of polygons';

/** What QuPath makes of the objects: detections are many and cannot be edited, annotations can. */
export type QuPathObjectType = 'annotation' | 'cell' | 'detection' | 'tile';

/**
 * Writes outlines as GeoJSON that QuPath (0.4 and later, tested against the form of 0.6) opens, whole or not at all.
 * Objects are taken one by one: memory does not grow with their number.
 * @param objects - rings that neither cross nor touch themselves, or QuPath refuses them; those of `contours` do not.
 * @throws DataError if an object has no outline or the folder cannot be written, WriteError if the disk is full.
 * @remarks Source: RFC 7946; QuPath 0.6, `QuPathTypeAdapters`: `properties` has `objectType`, `name`,
 * `classification: { name }` and `measurements` as an object. QuPath cannot read NaN, so that such numbers are left out.
 */
export async function writeGeoJson(
  path: string,
  objects: Iterable<OutlinedObject> | AsyncIterable<OutlinedObject>,
  objectType: QuPathObjectType = 'detection',
): Promise<void> {
  await writeAtomically(path, featureCollection(objects, objectType, path));
}

async function* featureCollection(
  objects: Iterable<OutlinedObject> | AsyncIterable<OutlinedObject>,
  objectType: QuPathObjectType,
  path: string,
): AsyncGenerator<string> {
  yield '{"type":"FeatureCollection","features":[';
  let before = '\n';
  yield* inBlocks(objects, (object) => {
    const text = before + featureOf(object, objectType, path);
    before = ',\n';
    return text;
  });
  yield '\n]}\n';
}

function featureOf(
  { polygons, name, classification, measurements }: OutlinedObject,
  objectType: QuPathObjectType,
  path: string,
): string {
  if (polygons.length === 0) throw new DataError(`cannot write ${path}: object ${name ?? ''} has no outline`);
  const properties = {
    objectType,
    name,
    classification: classification === undefined ? undefined : { name: classification },
    measurements: measurements === undefined ? undefined : finite(measurements),
  };
  const coordinates = polygons.map((rings) => `[${rings.map(ringText).join()}]`);
  const geometry =
    coordinates.length === 1
      ? `{"type":"Polygon","coordinates":${coordinates[0]}}`
      : `{"type":"MultiPolygon","coordinates":[${coordinates.join()}]}`;
  return `{"type":"Feature","geometry":${geometry},"properties":${JSON.stringify(properties)}}`;
}

function finite(measurements: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(measurements).filter(([, value]) => Number.isFinite(value)));
}

/**
 * Reads the objects of a GeoJSON file one by one, in the order of the file: a FeatureCollection, or a list of features
 * as QuPath wrote before 0.4. Memory does not grow with their number. Points, lines, and rings of fewer than three corners
 * are stray clicks: their objects come without those pieces.
 * @throws DataError if the file is missing, no GeoJSON, cut off, has no list of features, or features of which none is a
 * polygon.
 */
export async function* readGeoJson(path: string): AsyncGenerator<OutlinedObject> {
  let [features, outlined] = [0, 0];
  for await (const { index, value } of jsonItems(path, ['features', ''], expected)) {
    const object = objectOf(value, `${path}: feature ${index + 1}`);
    features++;
    if (object.polygons.length > 0) outlined++;
    yield object;
  }
  if (features > 0 && outlined === 0) {
    throw new DataError(
      `${path} has ${features} features, none of which encloses an area; expected Polygon or MultiPolygon; export the outlines`,
    );
  }
}

/** What a stray click in place of an outline becomes: no piece. */
const clicks: readonly unknown[] = ['Point', 'MultiPoint', 'LineString', 'MultiLineString'];

function objectOf(feature: unknown, where: string): OutlinedObject {
  const { geometry, properties } = asRecord(feature) ?? {};
  const { type, coordinates } = asRecord(geometry) ?? {};
  const known = knownOf(asRecord(properties) ?? {});
  if (clicks.includes(type)) return { polygons: [], strayPieces: true, ...known };
  if (type !== 'Polygon' && type !== 'MultiPolygon') {
    throw new DataError(
      `${where} is ${type === undefined ? 'without geometry' : `a ${String(type)}`}; expected Polygon or MultiPolygon; leave it out of the export`,
    );
  }
  const pieces = type === 'Polygon' ? [coordinates] : coordinates;
  if (!isPolygons(pieces)) {
    throw new DataError(`${where} has coordinates that are no rings of (x, y); ${expected}; export it again`);
  }
  const polygons = pieces.map((rings) => rings.filter(encloses)).filter((rings) => rings.length > 0);
  return {
    polygons: polygons.map((rings) => rings.map((ring) => ring.map(([x, y]): Ring[number] => [x, y]))),
    ...(pieces.some((rings) => !rings.every(encloses)) ? { strayPieces: true } : {}),
    ...known,
  };
}

/** Whether a ring has three corners, its first one not counted again at the end. */
function encloses(ring: Ring): boolean {
  const [first, last] = [ring[0], ring[ring.length - 1]];
  return ring.length > 3 || (ring.length === 3 && (first[0] !== last[0] || first[1] !== last[1]));
}

function knownOf({ name, classification, measurements }: Record<string, unknown>): Omit<OutlinedObject, 'polygons'> {
  return {
    name: typeof name === 'string' ? name : undefined,
    classification: classOf(classification),
    measurements: measurementsOf(measurements),
  };
}

/** `{ name }`, or `{ names }` of a class and its parts, which QuPath joins by a colon. */
function classOf(classification: unknown): string | undefined {
  const { name, names } = asRecord(classification) ?? {};
  if (typeof name === 'string') return name;
  return Array.isArray(names) ? names.map(String).join(': ') : undefined;
}

/** `{ name: value }`, or `[{ name, value }]` before QuPath 0.4. */
function measurementsOf(measurements: unknown): Record<string, number> | undefined {
  const pairs = Array.isArray(measurements)
    ? measurements.map((entry) => [asRecord(entry)?.['name'], asRecord(entry)?.['value']])
    : Object.entries(asRecord(measurements) ?? {});
  const numbers = pairs.filter(
    (pair): pair is [string, number] => typeof pair[0] === 'string' && typeof pair[1] === 'number',
  );
  return numbers.length === 0 ? undefined : Object.fromEntries(numbers);
}

function isPolygons(value: unknown): value is Polygon[] {
  const isCorner = (corner: unknown): boolean =>
    Array.isArray(corner) && corner.length >= 2 && Number.isFinite(corner[0]) && Number.isFinite(corner[1]);
  const isRing = (ring: unknown): boolean => Array.isArray(ring) && ring.every(isCorner);
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((rings) => Array.isArray(rings) && rings.length > 0 && rings.every(isRing))
  );
}
