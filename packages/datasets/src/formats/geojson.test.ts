import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DataError, type Polygon, type Ring } from '@pffnet/structures';
import fc from 'fast-check';
import { fuzzTimeout, survivesDamage } from '../../test/damage.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import type { AnnotatedLabels } from '../annotations/annotated-labels.ts';
import { readGeoJson, writeGeoJson } from './geojson.ts';
import { labelsOfOutlines, type OutlinedObject } from './outlined-object.ts';

const { path, make } = temporaryFolder();
const save = (name: string, text: string | Uint8Array): string => {
  writeFileSync(path(name), text);
  return path(name);
};
const square = (x: number, y: number, side: number): Ring => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
];
const all = async (file: string): Promise<OutlinedObject[]> => {
  const objects: OutlinedObject[] = [];
  for await (const object of readGeoJson(file)) objects.push(object);
  return objects;
};

describe('writeGeoJson', () => {
  test('writes what QuPath 0.6 writes: type, class, measurements as an object, rings of corners', async () => {
    await writeGeoJson(
      path('a.geojson'),
      [
        {
          polygons: [[square(0, 0, 3), square(1, 1, 1)]],
          name: '7',
          classification: 'Nucleus',
          measurements: { area: 8, 'mean "red"': 0.5, none: NaN },
        },
        { polygons: [[square(5, 0, 1)], [square(5, 3, 1)]] },
      ],
      'annotation',
    );
    expect(JSON.parse(readFileSync(path('a.geojson'), 'utf8'))).toEqual({
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          geometry: { type: 'Polygon', coordinates: [square(0, 0, 3), square(1, 1, 1)] },
          properties: {
            objectType: 'annotation',
            name: '7',
            classification: { name: 'Nucleus' },
            measurements: { area: 8, 'mean "red"': 0.5 },
          },
        },
        {
          type: 'Feature',
          geometry: { type: 'MultiPolygon', coordinates: [[square(5, 0, 1)], [square(5, 3, 1)]] },
          properties: { objectType: 'annotation' },
        },
      ],
    });
  });

  test('takes objects one by one: what was taken is in the file, but for the last block', async () => {
    const folder = make('many');
    const count = 4000;
    let made = 0;
    let most = 0;
    const many = function* (): Generator<OutlinedObject> {
      for (; made < count; made++) {
        if (made % 500 === 499) {
          const [temporary] = readdirSync(folder);
          // Each object takes more than 120 characters.
          most = Math.max(most, made * 120 - statSync(join(folder, temporary!)).size);
        }
        yield { polygons: [[square(made % 100, 0, 9)]] };
      }
    };
    await writeGeoJson(path('many', 'a.geojson'), many());
    expect(made).toBe(count);
    expect(statSync(path('many', 'a.geojson')).size).toBeGreaterThan(count * 120);
    expect(most).toBeLessThan(3 * 2 ** 16);
  });

  test('leaves nothing behind when an object has no outline', async () => {
    const folder = make('none');
    expect(await refusal(() => writeGeoJson(path('none', 'a.geojson'), [{ polygons: [], name: '3' }]))).toEqual([
      DataError,
      `cannot write ${path('none', 'a.geojson')}: object 3 has no outline`,
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('readGeoJson', () => {
  test('gives back what writeGeoJson was given', async () => {
    const anyObject: fc.Arbitrary<OutlinedObject> = fc.record({
      polygons: fc.array(
        fc
          .record({ x: fc.nat(50), y: fc.nat(50), side: fc.integer({ min: 1, max: 9 }) })
          .map(({ x, y, side }): Polygon => [square(x, y, side)]),
        { minLength: 1, maxLength: 3 },
      ),
      name: fc.option(fc.string(), { nil: undefined }),
      classification: fc.option(fc.string(), { nil: undefined }),
      measurements: fc.option(
        fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString')),
          fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((value) => value + 0),
          { minKeys: 1, maxKeys: 4 },
        ),
        { nil: undefined },
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyObject, { maxLength: 5 }), async (objects) => {
        await writeGeoJson(path('round.geojson'), objects);
        const back = await all(path('round.geojson'));
        expect(back.map((object) => JSON.stringify(object))).toEqual(objects.map((object) => JSON.stringify(object)));
      }),
      { numRuns: 50 },
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('reads files of QuPath before 0.4: a bare list, measurements as a list, names of a derived class', async () => {
    const file = save(
      'old.json',
      JSON.stringify([
        {
          type: 'Feature',
          id: 'PathDetectionObject',
          geometry: { type: 'Polygon', coordinates: [square(1, 1, 2)] },
          properties: {
            classification: { names: ['Tumor', 'Positive'], colorRGB: -377282 },
            isLocked: false,
            measurements: [{ name: 'Area', value: 4 }],
          },
        },
      ]),
    );
    expect(await all(file)).toEqual([
      {
        polygons: [[square(1, 1, 2)]],
        name: undefined,
        classification: 'Tumor: Positive',
        measurements: { Area: 4 },
      },
    ]);
  });

  test('becomes a label map; holes stay background, later objects lie on top', async () => {
    await writeGeoJson(path('map.geojson'), [
      { polygons: [[square(0, 0, 3), square(1, 1, 1)]] },
      { polygons: [[square(2, 2, 2)]] },
    ]);
    const { labels } = await labelsOfOutlines(readGeoJson(path('map.geojson')), { height: 4, width: 4 }, 'map');
    expect([...labels.data]).toEqual([1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 2, 2, 0, 0, 2, 2]);
  });

  const features = (...geometries: unknown[]): string =>
    JSON.stringify({ features: geometries.map((geometry) => ({ type: 'Feature', geometry })) });
  const outline = (...rings: unknown[]): object => ({ type: 'Polygon', coordinates: rings });
  const drawn = (name: string, text: string): Promise<AnnotatedLabels> => {
    const file = save(name, text);
    return labelsOfOutlines(readGeoJson(file), { height: 8, width: 8 }, file);
  };

  test('does not lose objects in silence: covered, thin, outside ones, points and short rings are named', async () => {
    const click = [[1, 1], [2, 2], [1, 1]]; // prettier-ignore
    const { account } = await drawn(
      'losses.geojson',
      features(
        outline(square(0, 0, 2)),
        outline(square(0, 0, 3)),
        outline(square(4.6, 4.6, 0.5)),
        outline(square(20, 20, 3)),
        { type: 'Point', coordinates: [1, 2] },
        outline(click),
        { type: 'MultiPolygon', coordinates: [[square(5, 0, 2)], [click]] },
      ),
    );
    expect(account).toEqual({
      named: 7,
      lost: [
        { name: 'object 1', reason: 'covered' },
        { name: 'object 3', reason: 'thin' },
        { name: 'object 4', reason: 'outside' },
        { name: 'object 5', reason: 'stray' },
        { name: 'object 6', reason: 'stray' },
      ],
      strayPieces: ['object 7'],
    });
  });

  test('refuses a file whose objects all lie outside the image, which was read as an image without objects', async () => {
    const text = features(outline(square(5000, 7000, 6)), outline(square(5010, 7000, 6)));
    expect(await refusal(() => drawn('far.geojson', text))).toEqual([
      DataError,
      `${path('far.geojson')}: all 2 objects lie outside the image of 8 rows and 8 columns; expected outlines in pixels of that image; take the image that was annotated, at the same scale`,
    ]);
  });

  test('gives objects while later ones have not been read: a file that breaks off late gives its first ones', async () => {
    const one = JSON.stringify({ type: 'Feature', geometry: { type: 'Polygon', coordinates: [square(1, 1, 2)] } });
    const file = save('late.geojson', `{"features":[${`${one},`.repeat(5000)} and then nonsense`);
    let taken = 0;
    const counting = async (): Promise<void> => {
      for await (const { polygons } of readGeoJson(file)) taken += polygons.length;
    };
    expect((await refusal(counting))[0]).toBe(DataError);
    expect(taken).toBeGreaterThan(4000);
  });

  test('takes an empty collection', async () => {
    await writeGeoJson(path('empty.geojson'), []);
    expect(await all(path('empty.geojson'))).toEqual([]);
  });

  const expectation = 'expected GeoJSON as QuPath exports it: a FeatureCollection of polygons; export it again';
  const collection = (geometry: unknown): string =>
    JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', geometry, properties: {} }] });
  test.each<[string, string, string]>([
    [
      'points',
      collection({ type: 'Point', coordinates: [1, 2] }),
      'FILE has 1 features, none of which encloses an area; expected Polygon or MultiPolygon; export the outlines',
    ],
    [
      'shapes that are no outlines',
      collection({ type: 'GeometryCollection', geometries: [] }),
      'FILE: feature 1 is a GeometryCollection; expected Polygon or MultiPolygon; leave it out of the export',
    ],
    [
      'features without geometry',
      collection(null),
      'FILE: feature 1 is without geometry; expected Polygon or MultiPolygon; leave it out of the export',
    ],
    [
      'open shapes',
      collection({ type: 'Polygon', coordinates: [[[1, 2], [3, 'x'], [4, 5]]] }), // prettier-ignore
      `FILE: feature 1 has coordinates that are no rings of (x, y); ${expectation}`,
    ],
    ['other JSON', '{"a": 1}', `FILE has no list of features; ${expectation}`],
    [
      'text',
      'hello',
      'cannot read FILE: Parser cannot parse input: expected a value; expected GeoJSON as QuPath exports it: a FeatureCollection of polygons; replace the file',
    ],
    [
      'cut off files',
      '{"features":[{"a":1}',
      'FILE: feature 1 is without geometry; expected Polygon or MultiPolygon; leave it out of the export',
    ],
    [
      'deep nesting',
      `{"features":[${'['.repeat(70)}${']'.repeat(70)}]}`,
      `FILE is nested more than 64 deep; ${expectation}`,
    ],
  ])('refuses %s', async (name, text, message) => {
    const file = save(`${name}.geojson`, text);
    expect(await refusal(() => all(file))).toEqual([DataError, message.replace('FILE', file)]);
  });

  test(
    'refuses damaged files in one line, or reads what is still whole',
    async () => {
      await writeGeoJson(path('whole.geojson'), [
        { polygons: [[square(0, 0, 3), square(1, 1, 1)]], name: 'ä', measurements: { area: 8 } },
        { polygons: [[square(5, 0, 1)], [square(5, 3, 1)]] },
      ]);
      await survivesDamage(path('damaged.geojson'), readFileSync(path('whole.geojson')), (file) =>
        labelsOfOutlines(readGeoJson(file), { height: 8, width: 8 }, file),
      );
    },
    fuzzTimeout,
  );
});
