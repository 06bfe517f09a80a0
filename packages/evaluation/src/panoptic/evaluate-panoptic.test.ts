import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type PanopticCategory, writeCocoPanoptic, writeLabelMap, writePanopticPicture } from '@pffnet/datasets';
import { DataError, labelMap, type LabelMap } from '@pffnet/structures';
import { evaluatePanoptic, openPanoptic, panopticCsv, panopticJson, panopticText } from './index.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'panoptic-'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const usual: PanopticCategory[] = [
  { id: 1, name: 'object', isThing: true },
  { id: 2, name: 'background', isThing: false },
];

/** Writes maps whose ids from 90 on are stuff. */
async function coco(name: string, maps: Readonly<Record<string, LabelMap>>, categories = usual): Promise<string> {
  mkdirSync(join(root, name, 'panoptic'), { recursive: true });
  const entries = [];
  for (const [image, map] of Object.entries(maps)) {
    const classOf = new Map([...new Set(map.data)].map((id) => [id, categories[id < 90 ? 0 : 1]!.id]));
    const segments = await writePanopticPicture(join(root, name, 'panoptic', `${image}.png`), { map, classOf });
    entries.push({ fileName: `${image}.png`, pictureName: `${image}.png`, size: map, segments });
  }
  await writeCocoPanoptic(join(root, name, 'panoptic.json'), entries, categories);
  return join(root, name);
}

async function labels(name: string, maps: Readonly<Record<string, LabelMap>>): Promise<string> {
  mkdirSync(join(root, name), { recursive: true });
  for (const [image, map] of Object.entries(maps)) await writeLabelMap(join(root, name, `${image}.png`), map);
  return join(root, name);
}

async function evaluate(pred: string, truth: string): ReturnType<typeof evaluatePanoptic> {
  return evaluatePanoptic({ prediction: await openPanoptic(pred), truth: await openPanoptic(truth) });
}

const refusal = async (pred: string, truth: string): Promise<string> =>
  evaluate(pred, truth).then(
    () => 'nothing',
    (error: unknown) => (error instanceof DataError ? error.message : `no DataError: ${String(error)}`),
  );

/** Objects 1 and 2 of four pixels each, six pixels of background. */
const truthMap = labelMap(2, 7, [1, 1, 0, 0, 2, 2, 0, 1, 1, 0, 0, 2, 2, 0]);
/** The first object whole; two pixels of the second; background of which two pixels are void. */
const predicted = labelMap(2, 7, [5, 5, 90, 90, 7, 90, 0, 5, 5, 90, 90, 7, 90, 0]);

describe('evaluatePanoptic', () => {
  test('scores things and stuff against label maps: objects, and the rest as background', async () => {
    const pred = await coco('pred', { a: predicted });
    const truth = await labels('truth', { a: truthMap });
    const { sections } = await evaluate(pred, truth);
    // Object 1 matches with IoU 1; 7 shares 2 of 4 pixels with object 2, which is no match. Background shares 4 of 6 + 2.
    const { things, stuff, all } = sections[0]!.quality;
    expect([things.sq, things.dq, things.pq]).toEqual([1, 0.5, 0.5]);
    expect([stuff.sq, stuff.dq, stuff.pq]).toEqual([0, 0, 0]);
    expect([all.pq, all.classes]).toEqual([0.25, 2]);
  });

  test('counts the segments of all images together, and each image on its own', async () => {
    const pred = await coco('two', { a: predicted, b: labelMap(1, 3, [1, 90, 90]) });
    const truth = await labels('two-truth', { a: truthMap, b: labelMap(1, 3, [4, 0, 0]) });
    const evaluated = await evaluate(pred, truth);
    // Things: 2 found, 1 false, 1 missed. Stuff: 1 found, 1 false, 1 missed.
    expect(evaluated.sections[0]!.quality.things.pq).toBeCloseTo(2 / 3, 12);
    expect(evaluated.sections[0]!.quality.stuff.pq).toBeCloseTo(1 / 2, 12);
    expect(panopticText(evaluated)).toBe(
      [
        'rule: COCO; segments of one class match above IoU 0.5; void counts nowhere; PQ, SQ and DQ are means over classes, over the segments of all images together',
        '',
        '2 images',
        '',
        '            PQ      SQ      DQ  classes',
        'all     0.5833  1.0000  0.5833        2',
        'things  0.6667  1.0000  0.6667        1',
        'stuff   0.5000  1.0000  0.5000        1',
        '',
        '                        PQ      SQ      DQ  TP  FP  FN',
        'object (things)     0.6667  1.0000  0.6667   2   1   1',
        'background (stuff)  0.5000  1.0000  0.5000   1   1   1',
        '',
      ].join('\n'),
    );
    expect(panopticCsv(evaluated).split('\n')).toEqual([
      'name,pq,sq,dq,tp,fp,fn,pqThings,sqThings,dqThings,tpThings,fpThings,fnThings,pqStuff,sqStuff,dqStuff,tpStuff,fpStuff,fnStuff',
      'a,0.25,0.5,0.25,1,2,2,0.5,1,0.5,1,1,1,0,0,0,0,1,1',
      'b,1,1,1,2,0,0,1,1,1,1,0,0,1,1,1,1,0,0',
      '',
    ]);
    expect(panopticJson(evaluated, { pred: 'p', truth: 't' })).toMatchObject({
      pred: 'p',
      imageCount: 2,
      classes: [{ id: 1, name: 'object', isThing: true, tp: 2, fp: 1, fn: 1 }, { id: 2 }],
      images: [
        { name: 'a', all: { pq: 0.25 } },
        { name: 'b', all: { pq: 1 } },
      ],
    });
  });

  test('is 1 of a segmentation against itself, whatever its categories are numbered', async () => {
    const other: PanopticCategory[] = [
      { id: 26, name: 'nucleus', isThing: true },
      { id: 0, name: 'tissue', isThing: false },
    ];
    const itself = await coco('itself', { a: predicted }, other);
    expect((await evaluate(itself, join(itself, 'panoptic.json'))).sections[0]!.quality.all.pq).toBe(1);
    // Against label maps there is one class of each.
    const { sections } = await evaluate(itself, await labels('itself-truth', { a: truthMap }));
    expect(sections[0]!.quality.things.pq).toBe(0.5);
  });

  test('reads label maps as predictions, too', async () => {
    const maps = { a: truthMap };
    const [pred, truth] = [await labels('l-pred', maps), await coco('l-truth', { a: predicted })];
    expect((await evaluate(pred, pred)).sections[0]!.quality.all.pq).toBe(1);
    expect((await evaluate(pred, truth)).sections[0]!.quality.things.pq).toBeGreaterThan(0);
  });

  test('an empty map on both sides has no things, and void on both sides has no quality at all', async () => {
    const pred = await coco('void', { a: labelMap(1, 2) });
    const evaluated = await evaluate(pred, pred);
    expect(evaluated.sections[0]!.quality.all).toEqual({ pq: null, sq: null, dq: null, classes: 0 });
    expect(panopticText(evaluated)).toContain('all     undefined  undefined  undefined        0');
    const empty = await labels('empty', { a: labelMap(1, 2) });
    expect((await evaluate(empty, empty)).sections[0]!.quality).toMatchObject({
      things: { classes: 0 },
      stuff: { pq: 1 },
    });
  });

  test('refuses in one line what cannot be compared', async () => {
    const pred = await coco('bad', { a: predicted });
    const file = join(pred, 'panoptic.json');
    expect(await refusal(pred, await labels('wide', { a: labelMap(1, 3, [1, 0, 0]) }))).toBe(
      'a: the prediction has 2 x 7 pixels, the truth 1 x 3 (rows x columns); expected the same size; predict the image at its own size',
    );
    expect(await refusal(pred, await labels('more', { a: truthMap, b: truthMap }))).toBe(
      `${file} lacks 1 of the 2 images of ${join(root, 'more')}: b; predict them, or leave the others out with --split and --only`,
    );
    const three = await coco('three', { a: predicted }, [...usual, { id: 3, name: 'lymphocyte', isThing: true }]);
    expect(await refusal(three, await labels('plain', { a: truthMap }))).toBe(
      `${join(three, 'panoptic.json')} has 2 categories of things and 1 of stuff; label maps know one of each, objects and background; give both in COCO's panoptic form`,
    );
    const swapped = await coco('swapped', { a: predicted }, [
      { id: 1, name: 'tissue', isThing: false },
      { id: 2, name: 'nucleus', isThing: true },
    ]);
    expect(await refusal(pred, swapped)).toBe(
      `${file} says that category 1 (object) is a thing, ${join(swapped, 'panoptic.json')} that it (tissue) is stuff; expected the same categories in both; number them alike`,
    );
    const strange = await coco('strange', { a: predicted }, [usual[0]!, { id: 9, name: 'sky', isThing: false }]);
    expect(await refusal(strange, pred)).toBe(
      `${join(strange, 'panoptic.json')} (a): segment 90 has category_id 9, which ${file} has not; expected one of 1, 2; number the categories alike`,
    );
    const masks = await labels('masks', { a: labelMap(1, 9, [1, 0, 1, 0, 1, 0, 1, 0, 1]), b: labelMap(1, 9, [1, 0, 1, 0, 1, 0, 1, 0, 1]) }); // prettier-ignore
    expect(await refusal(masks, masks)).toMatch(/^\S+masks: /);
    const bare = await coco('bare', { a: predicted });
    const json = JSON.parse(readFileSync(join(bare, 'panoptic.json'), 'utf8')) as Record<string, unknown>;
    delete json['categories'];
    writeFileSync(join(bare, 'panoptic.json'), JSON.stringify(json));
    expect(await refusal(pred, bare)).toBe(
      `${join(bare, 'panoptic.json')} has no categories; expected a list of them with isthing; add it`,
    );
    // A file of results needs none of its own.
    expect((await evaluate(bare, pred)).sections[0]!.quality.all.pq).toBe(1);
  });
});
