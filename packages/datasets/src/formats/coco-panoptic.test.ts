import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DataError, labelMap, type Segments } from '@pffnet/structures';
import fc from 'fast-check';
import sharp from 'sharp';
import { fuzzRuns, fuzzTimeout, survivesDamage } from '../../test/damage.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { openCocoPanoptic } from './open-coco-panoptic.ts';
import type { PanopticCategory } from './panoptic-category.ts';
import { writeCocoPanoptic, writePanopticPicture } from './write-coco-panoptic.ts';

const { path, make } = temporaryFolder();
const categories: PanopticCategory[] = [
  { id: 1, name: 'nucleus', isThing: true },
  { id: 7, name: 'background', isThing: false },
];

/** Two nuclei, one of an id beyond two bytes, a background, one void pixel. */
const segments: Segments = {
  map: labelMap(2, 4, [1, 1, 70_000, 0, 1, 300, 300, 300]),
  classOf: new Map([
    [1, 1],
    [70_000, 1],
    [300, 7],
  ]),
  crowds: new Set([70_000]),
};

/** Writes segmentations by name below a folder, as `panoptic.json` and `panoptic/`. */
async function write(folder: string, images: Readonly<Record<string, Segments>>): Promise<string> {
  mkdirSync(join(folder, 'panoptic'), { recursive: true });
  const entries = [];
  for (const [name, image] of Object.entries(images)) {
    const infos = await writePanopticPicture(join(folder, 'panoptic', `${name}.png`), image);
    entries.push({ fileName: `${name}.tif`, pictureName: `${name}.png`, size: image.map, segments: infos });
  }
  await writeCocoPanoptic(join(folder, 'panoptic.json'), entries, categories);
  return join(folder, 'panoptic.json');
}

/** The JSON of a folder, changed. */
function change(file: string, by: (json: Record<string, Record<string, unknown>[]>) => void): string {
  const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, unknown>[]>;
  by(json);
  writeFileSync(file, JSON.stringify(json));
  return file;
}

const infosOf = (json: Record<string, Record<string, unknown>[]>): Record<string, unknown>[] =>
  json['annotations']![0]!['segments_info'] as Record<string, unknown>[];

describe('writeCocoPanoptic', () => {
  test('writes ids as R + 256 G + 65536 B, and what each segment is', async () => {
    const file = await write(make('a'), { x: segments });
    const { data, info } = await sharp(path('a', 'panoptic', 'x.png'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([4, 2, 3]);
    // 70,000 = 112 + 256 * 17 + 65536; 300 = 44 + 256.
    expect([...data.subarray(0, 12)]).toEqual([1, 0, 0, 1, 0, 0, 112, 17, 1, 0, 0, 0]);
    expect([...data.subarray(15, 18)]).toEqual([44, 1, 0]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      images: [{ id: 1, file_name: 'x.tif', height: 2, width: 4 }],
      categories: [
        { id: 1, name: 'nucleus', supercategory: 'nucleus', isthing: 1 },
        { id: 7, name: 'background', supercategory: 'background', isthing: 0 },
      ],
      annotations: [
        {
          image_id: 1,
          file_name: 'x.png',
          segments_info: [
            { id: 1, category_id: 1, area: 3, bbox: [0, 0, 2, 2], iscrowd: 0 },
            { id: 300, category_id: 7, area: 3, bbox: [1, 1, 3, 1], iscrowd: 0 },
            { id: 70_000, category_id: 1, area: 1, bbox: [2, 0, 1, 1], iscrowd: 1 },
          ],
        },
      ],
    });
  });

  test('refuses an id beyond three bytes, and a segment without a class', async () => {
    const many = { map: labelMap(1, 1, [2 ** 24]), classOf: new Map([[2 ** 24, 1]]) };
    const file = join(make('many'), 'x.png');
    expect(await refusal(() => writePanopticPicture(file, many))).toEqual([
      DataError,
      `cannot write ${file}: three bytes of colour hold ids up to 16777215, got 16777216`,
    ]);
    await expect(writePanopticPicture(file, { ...segments, classOf: new Map() })).rejects.toThrow(
      'writePanopticPicture: segment 1 has no class',
    );
  });
});

describe('openCocoPanoptic', () => {
  test('gives back what was written', async () => {
    const empty: Segments = { map: labelMap(1, 2), classOf: new Map(), crowds: new Set() };
    const opened = await openCocoPanoptic(await write(make('back'), { x: segments, 'y.z': empty }));
    expect([...opened.categories.values()]).toEqual(categories);
    expect(opened.names).toEqual(['x', 'y.z']);
    expect([await opened.read('x'), await opened.read('y.z')]).toEqual([segments, empty]);
  });

  test('gives back any segmentation', async () => {
    const ids = fc.array(fc.nat({ max: 2 ** 24 - 1 }), { minLength: 6, maxLength: 6 });
    const folder = make('any');
    await fc.assert(
      fc.asyncProperty(ids, async (drawn) => {
        const map = labelMap(2, 3, drawn);
        const classOf = new Map(drawn.filter((id) => id > 0).map((id) => [id, id % 2 === 0 ? 1 : 7]));
        const { read } = await openCocoPanoptic(await write(folder, { x: { map, classOf } }));
        expect(await read('x')).toEqual({ map, classOf, crowds: new Set() });
      }),
      { numRuns: 25 },
    );
  });

  test('reads files of results, which have annotations alone', async () => {
    const file = change(await write(make('bare'), { x: segments }), (json) => {
      delete json['images'];
      delete json['categories'];
      for (const info of infosOf(json)) delete info['iscrowd'];
    });
    const opened = await openCocoPanoptic(file);
    expect([opened.categories.size, await opened.read('x')]).toEqual([0, { ...segments, crowds: new Set() }]);
  });

  test.each<[string, (json: Record<string, Record<string, unknown>[]>) => void, (file: string, picture: string) => string]>([
    ['an id is missing in the JSON', (json) => infosOf(json).pop(), (file, picture) => `${picture} has the segment 70000, in no segments_info of ${file}; expected the same ids in both; export both again`],
    ['ids are missing in the picture', (json) => infosOf(json).push({ id: 5, category_id: 1 }, { id: 6, category_id: 1 }), (file, picture) => `${file} has segments 5, 6, nowhere in ${picture}; expected the same ids in both; export both again`],
    ['the image has another size', (json) => (json['images']![0]!['width'] = 5), (file, picture) => `${picture} has 2 x 4 pixels (rows x columns), its image in ${file} 2 x 5; expected the same size; export both again`],
    ['a segment has no category', (json) => delete infosOf(json)[0]!['category_id'], (file) => `${file}: annotations 1 (x) has a segment without an id of 1 to 16777215 or without category_id; expected JSON in COCO's panoptic form, with annotations and their segments_info; export it again`],
    ['an id is used twice', (json) => infosOf(json).push(infosOf(json)[0]!), (file) => `${file}: annotations 1 (x) has two segments of the id 1; expected JSON in COCO's panoptic form, with annotations and their segments_info; export it again`],
    ['an image is annotated twice', (json) => json['annotations']!.push(json['annotations']![0]!), (file) => `${file}: annotations 2 is a second annotation of x; expected JSON in COCO's panoptic form, with annotations and their segments_info; export it again`],
    ['a category says not whether it is a thing', (json) => delete json['categories']![0]!['isthing'], (file) => `${file}: categories 1 has no whole number as id, or no isthing of 0 or 1; expected JSON in COCO's panoptic form, with annotations and their segments_info; export it again`],
    ['a picture lies elsewhere', (json) => (json['annotations']![0]!['file_name'] = '../x.png'), (file) => `${file}: annotations 1 names the picture "../x.png"; expected a place in the folder beside the JSON; write file names without folders`],
    ['it is a file of objects', (json) => delete json['annotations']![0]!['segments_info'], (file) => `${file}: annotations 1 has not file_name and segments_info; expected JSON in COCO's panoptic form, with annotations and their segments_info; export it again`],
    ['the picture is not there', (json) => (json['annotations']![0]!['file_name'] = 'y.png'), (_, picture) => `there is no file ${join(dirname(picture), 'y.png')}; expected a PNG, TIFF, JPEG or WebP image; check the path`],
  ])('refuses in one line when %s', async (what, by, message) => {
    const folder = make(what.replaceAll(' ', '-'));
    const file = change(await write(folder, { x: segments }), by);
    const read = async (): Promise<unknown> => {
      const opened = await openCocoPanoptic(file);
      return opened.read(opened.names[0]!);
    };
    expect(await refusal(read)).toEqual([DataError, message(file, join(folder, 'panoptic', 'x.png'))]);
  }); // prettier-ignore

  test('refuses a grey picture and one that is no JSON', async () => {
    const file = await write(make('grey'), { x: segments });
    const picture = path('grey', 'panoptic', 'x.png');
    await sharp(new Uint8Array(8), { raw: { width: 4, height: 2, channels: 1 } }).toColourspace('b-w').toFile(picture); // prettier-ignore
    const { read } = await openCocoPanoptic(file);
    expect(await refusal(() => read('x'))).toEqual([
      DataError,
      `${picture} is no PNG of 8-bit red, green and blue; expected ids as R + 256 G + 65536 B; export it again`,
    ]);
    expect(await refusal(() => openCocoPanoptic(picture))).toEqual([
      DataError,
      `${picture} is no .json file; expected JSON in COCO's panoptic form, with annotations and their segments_info; name that file`,
    ]);
  });

  test(
    'damaged files are read or refused in one line',
    async () => {
      const file = await write(make('damaged'), { x: segments });
      const read = async (): Promise<void> => {
        const opened = await openCocoPanoptic(file);
        for (const name of opened.names) await opened.read(name);
      };
      const named = path('damaged');
      await survivesDamage(
        path('damaged', 'panoptic', 'x.png'),
        readFileSync(path('damaged', 'panoptic', 'x.png')),
        read,
        { named, numRuns: Math.ceil(fuzzRuns / 4) },
      );
      await write(path('damaged'), { x: segments });
      await survivesDamage(file, readFileSync(file), read, { named });
    },
    fuzzTimeout,
  );
});
