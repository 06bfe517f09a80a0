import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { compactLabels, DataError, labelMap, type LabelMap } from '@pffnet/structures';
import fc from 'fast-check';
import { anyLabels } from '../../test/any-labels.ts';
import { fuzzTimeout, survivesDamage } from '../../test/damage.ts';
import { describeWithPython } from '../../test/python.ts';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { type CocoEntry, labelsOfCoco, readCoco, writeCoco } from './coco.ts';

const { path } = temporaryFolder();
const save = (name: string, text: string | Uint8Array): string => {
  writeFileSync(path(name), text);
  return path(name);
};
const labelsIn = async (file: string): Promise<LabelMap[]> =>
  (await readCoco(file)).map((image) => labelsOfCoco(image, file).labels);

// 1 1 .
// . 1 4
const two = labelMap(2, 3, [1, 1, 0, 0, 1, 4]);

describe('writeCoco', () => {
  test('writes images, categories and annotations with area, box and run lengths of the COCO API', async () => {
    await writeCoco(path('a.json'), [{ fileName: 'a.png', labels: two }], 'nucleus');
    expect(JSON.parse(readFileSync(path('a.json'), 'utf8'))).toEqual({
      images: [{ id: 1, file_name: 'a.png', height: 2, width: 3 }],
      categories: [{ id: 1, name: 'nucleus' }],
      annotations: [
        {
          id: 1,
          image_id: 1,
          category_id: 1,
          segmentation: { size: [2, 3], counts: '01111' },
          area: 3,
          bbox: [0, 0, 2, 2],
          iscrowd: 0,
        },
        {
          id: 2,
          image_id: 1,
          category_id: 1,
          segmentation: { size: [2, 3], counts: '51' },
          area: 1,
          bbox: [2, 1, 1, 1],
          iscrowd: 0,
        },
      ],
    });
  });

  test('writes polygons where there are outlines without holes', async () => {
    const corner = [[[[2, 1], [3, 1], [3, 2], [2, 2], [2, 1]]]] as [number, number][][][]; // prettier-ignore
    await writeCoco(path('p.json'), [{ fileName: 'a.png', labels: two, outlines: new Map([[4, corner]]) }]);
    const { annotations } = JSON.parse(readFileSync(path('p.json'), 'utf8')) as {
      annotations: { segmentation: unknown }[];
    };
    expect(annotations.map(({ segmentation }) => segmentation)).toEqual([
      { size: [2, 3], counts: '01111' },
      [[2, 1, 3, 1, 3, 2, 2, 2]],
    ]);
    expect((await labelsIn(path('p.json')))[0]!.data).toEqual(Uint32Array.of(1, 1, 0, 0, 1, 2));
  });

  test('every map comes back, ids 1 to n', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLabels(), { maxLength: 4 }), async (maps) => {
        const entries: CocoEntry[] = maps.map((labels, index) => ({ fileName: `${index}.png`, labels }));
        await writeCoco(path('round.json'), entries);
        const back = await labelsIn(path('round.json'));
        expect(back).toHaveLength(maps.length);
        back.forEach(({ data }, index) => {
          const ids = [...new Set(maps[index]!.data)].filter((id) => id > 0).sort((a, b) => a - b);
          expect([...data]).toEqual([...maps[index]!.data].map((id) => ids.indexOf(id) + 1));
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe('readCoco', () => {
  const image = { id: 7, file_name: 'x/a.png', height: 3, width: 4 };
  const coco = (annotations: unknown[], images: unknown[] = [image]): string =>
    JSON.stringify({ info: {}, annotations, images, categories: [{ id: 2, name: 'leaf' }] });

  test('reads polygons, run lengths as numbers and as text; crowds are not drawn; later objects lie on top', async () => {
    const file = save(
      'mixed.json',
      coco([
        { id: 5, image_id: 7, category_id: 2, segmentation: [[0, 0, 2, 0, 2, 2, 0, 2], [3, 2, 4, 2, 4, 3, 3, 3]] }, // prettier-ignore
        { id: 6, image_id: 7, category_id: 9, segmentation: { counts: [4, 2, 6] }, iscrowd: 0 },
        { id: 7, image_id: 7, category_id: 2, segmentation: { size: [3, 4], counts: '912' } },
        { id: 8, image_id: 7, category_id: 2, segmentation: { counts: [0, 12] }, iscrowd: 1 },
      ]),
    );
    const [read] = await readCoco(file);
    expect(read).toMatchObject({ fileName: 'x/a.png', height: 3, width: 4 });
    expect(read!.objects.map(({ id, category }) => [id, category])).toEqual([
      [5, 'leaf'],
      [6, undefined],
      [7, 'leaf'],
      [8, 'leaf'],
    ]);
    const { labels, account } = labelsOfCoco(read!, file);
    expect([...labels.data]).toEqual([1, 1, 0, 3, 1, 2, 0, 0, 0, 2, 0, 1]);
    expect(account).toEqual({ named: 4, lost: [{ name: 'annotation 8', reason: 'crowd' }], strayPieces: [] });
  });

  const square = (x: number, y: number, side: number): number[] => [x, y, x + side, y, x + side, y + side, x, y + side];
  const account = async (...segmentations: unknown[]): Promise<unknown> => {
    const annotations = segmentations.map((segmentation, index) => ({ id: index + 1, image_id: 7, segmentation }));
    const file = save('account.json', coco(annotations, [{ ...image, height: 8, width: 8 }]));
    return labelsOfCoco((await readCoco(file))[0]!, file).account;
  };

  test('does not lose objects in silence: thin, covered, outside, empty ones and clicks are named with the reason', async () => {
    const lost = (id: number, reason: string): object => ({ name: `annotation ${id}`, reason });
    expect(
      await account(
        [square(0, 0, 2)],
        [[4.6, 0, 5.1, 0, 5.1, 8, 4.6, 8]],
        [square(0, 0, 4)],
        [square(9, 9, 2)],
        { counts: [64] },
        [[3, 3]],
        [],
      ),
    ).toEqual({
      named: 7,
      lost: [lost(1, 'covered'), lost(2, 'thin'), lost(4, 'outside'), lost(5, 'empty'), lost(6, 'stray'), lost(7, 'empty')],
      strayPieces: [],
    }); // prettier-ignore
  });

  test('a stray piece of one point does not refuse the set: it is passed over and named', async () => {
    expect(await account([square(2, 2, 4), [1, 1]])).toEqual({ named: 1, lost: [], strayPieces: ['annotation 1'] });
  });

  test.each([true, 1, '1', 'true', 2])('takes iscrowd: %p for a crowd', async (iscrowd) => {
    const file = save('crowd.json', coco([{ id: 1, image_id: 7, iscrowd }]));
    expect((await readCoco(file))[0]!.objects).toMatchObject([{ crowd: true }]);
  });

  test.each([false, 0, null, undefined, '0'])('takes iscrowd: %p for an object', async (iscrowd) => {
    const file = save('object.json', coco([{ id: 1, image_id: 7, iscrowd, segmentation: [square(0, 0, 2)] }]));
    expect((await readCoco(file))[0]!.objects).toMatchObject([{ crowd: false }]);
  });

  const expectation = 'expected COCO JSON with images and annotations; export it again';
  test.each<[string, string, string]>([
    ['other JSON', '{"shapes": []}', `FILE has no list of images; ${expectation}`],
    [
      'an image without size',
      coco([], [{ id: 1, file_name: 'a.png' }]),
      `FILE: images 1 has not file_name, height and width; ${expectation}`,
    ],
    ['images of one id', coco([], [image, image]), `FILE: images 2 has the id 7 of another image; ${expectation}`],
    [
      'an annotation of no image',
      coco([{ id: 1, image_id: 8, segmentation: [[0, 0, 1, 0, 1, 1]] }]),
      `FILE: annotation 1 has the image_id 8, which no image has; ${expectation}`,
    ],
    [
      'an annotation of boxes only',
      coco([{ id: 1, image_id: 7, segmentation: [] }]),
      `FILE: no annotation has polygons or run lengths as segmentation; ${expectation}`,
    ],
    [
      'an annotation without segmentation',
      coco([{ id: 1, image_id: 7 }]),
      `FILE: annotations 1 has neither polygons nor run lengths as segmentation; ${expectation}`,
    ],
    [
      'run lengths whose own size is not that of the image',
      coco([{ id: 1, image_id: 7, segmentation: { size: [4, 3], counts: [4, 2, 6] } }]),
      'FILE: annotation 1 of x/a.png has run lengths of size 4 x 3, its image 3 x 4 (rows x columns); expected the same size; export it again',
    ],
    [
      'run lengths whose size is no size',
      coco([{ id: 1, image_id: 7, segmentation: { size: 12, counts: [4, 2, 6] } }]),
      `FILE: annotations 1 has run lengths whose size is not [rows, columns]; ${expectation}`,
    ],
    [
      'objects that all lie outside their image',
      coco([{ id: 1, image_id: 7, segmentation: [[500, 700, 510, 700, 510, 710]] }]),
      'FILE: x/a.png: its only object lies outside the image of 3 rows and 4 columns; expected outlines in pixels of that image; take the image that was annotated, at the same scale',
    ],
    [
      'run lengths of another size',
      coco([{ id: 1, image_id: 7, segmentation: { counts: [1, 2] } }]),
      'FILE: annotation 1 of x/a.png has run lengths of 3 pixels, its image 3 x 4; expected them to add up; export it again',
    ],
    [
      'a file that was cut off',
      '{"images":[{"id":1,',
      'cannot read FILE: Parser cannot parse input: expected an object key; expected COCO JSON with images and annotations; replace the file',
    ],
  ])('refuses %s', async (name, text, message) => {
    const file = save(`${name}.json`, text);
    expect(await refusal(() => labelsIn(file))).toEqual([DataError, message.replace('FILE', file)]);
  });

  test('takes names such as __proto__ as names', async () => {
    const file = save('proto.json', `{"__proto__": [{"id": 1}], "images": [{"id": 1, "__proto__": {"polluted": 1}, "file_name": "__proto__", "height": 1, "width": 1}]}`); // prettier-ignore
    expect((await readCoco(file)).map(({ fileName }) => fileName)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test(
    'refuses damaged files in one line, or reads what they say',
    async () => {
      await writeCoco(path('whole.json'), [
        { fileName: 'a.png', labels: two },
        { fileName: 'b.png', labels: two },
      ]);
      await survivesDamage(path('damaged.json'), readFileSync(path('whole.json')), labelsIn);
    },
    fuzzTimeout,
  );

  test(
    'refuses damaged polygons, run lengths as numbers and crowds in one line, or reads what they say',
    async () => {
      const segmentations = [
      [[0, 0, 3, 0, 3, 2, 0, 2], [1, 1]],
      { counts: [2, 3, 1], size: [2, 3] },
      { counts: '231', size: [2, 3] },
    ]; // prettier-ignore
      const annotations = segmentations.map((segmentation, id) => ({ id, image_id: 1, category_id: 1, segmentation, iscrowd: id === 3 })); // prettier-ignore
      const images = [{ id: 1, file_name: 'a\\b.png', height: 2, width: 3 }];
      const whole = Buffer.from(JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'cell' }] }));
      await survivesDamage(path('kinds.json'), whole, labelsIn);
    },
    fuzzTimeout,
  );
});

describeWithPython(['pycocotools.mask', 'numpy'], (python) => {
  test('masks, areas and boxes are read by the COCO API, and its masks and polygons by us', async () => {
    const maps = fc.sample(anyLabels(), { numRuns: 40, seed: 5 });
    const entries = maps.map((labels, index) => ({ fileName: `${index}.png`, labels }));
    await writeCoco(path('ours.json'), entries);
    const read = python(
      `import sys, json, numpy as np
from pycocotools import mask
coco = json.load(open(sys.argv[1]))
maps = {i['id']: np.zeros((i['height'], i['width']), int) for i in coco['images']}
number = dict.fromkeys(maps, 0)
for a in coco['annotations']:
    s = a['segmentation']
    assert mask.area(s) == a['area'] and mask.toBbox(s).tolist() == a['bbox'], a
    number[a['image_id']] += 1
    maps[a['image_id']][mask.decode(s) == 1] = number[a['image_id']]
# The same masks as numbers and as the API's own text, and a polygon.
for n, a in enumerate(coco['annotations']):
    m = np.asfortranarray(mask.decode(a['segmentation']))
    flat = m.flatten(order='F')
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flat])))
    runs = np.diff(np.concatenate([[0], edges, [flat.size]])).tolist()
    text = mask.encode(m)
    a['segmentation'] = {'size': text['size'], 'counts': runs if n % 2 else text['counts'].decode()}
json.dump(coco, open(sys.argv[2], 'w'))
star = [3.3, 1.2, 17.8, 14.1, 1.4, 9.7, 18.2, 5.5, 6.1, 17.9]
json.dump({'images': [{'id': 1, 'file_name': 'a.png', 'height': 20, 'width': 20}], 'categories': [],
           'annotations': [{'id': 1, 'image_id': 1, 'segmentation': [star]}]}, open(sys.argv[3], 'w'))
drawn = mask.decode(mask.merge(mask.frPyObjects([star], 20, 20)))
print(json.dumps([[m.flatten().tolist() for m in maps.values()], drawn.flatten().tolist()]))`,
      ...[path('ours.json'), path('theirs.json'), path('star.json')],
    );
    const compact = maps.map((labels) => compactLabels(labels).labels);
    const [star] = await labelsIn(path('star.json'));
    expect(read).toEqual([compact.map(({ data }) => [...data]), [...star!.data]]);
    expect(await labelsIn(path('theirs.json'))).toEqual(compact);
  });
});
