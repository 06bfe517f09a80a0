import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { syntheticDataset, writeCoco, writeImage, writeLabelMap, writeNpy } from '@pffnet/datasets';
import { type LabelMap, labelMap } from '@pffnet/structures';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tiny } from './tiny.ts';
import { writeCells } from './write-data.ts';

const path = temporaryFolder();

describe('objects that an annotation names and the label map lacks', () => {
  const line =
    '1 of 3 annotated objects left no pixel: 1 covered by others (annotation 1 of synthetic_000); 1 object has pieces of fewer than three points, which were ignored (annotation 3 of synthetic_000)';

  beforeAll(async () => {
    mkdirSync(path('coco', 'images'), { recursive: true });
    const dataset = syntheticDataset({ count: 2, size: 64, seed: 1 });
    for (const name of dataset.names) {
      await writeImage(path('coco', 'images', `${name}.png`), (await dataset.load(name)).image);
    }
    const square = [8, 8, 40, 8, 40, 40, 8, 40];
    const annotation = (id: number, image: number, ...segmentation: number[][]): object => ({
      id,
      image_id: image,
      category_id: 1,
      segmentation,
    });
    const images = dataset.names.map((name, index) => ({ id: index, file_name: `${name}.png`, height: 64, width: 64 }));
    const annotations = [annotation(1, 0, square), annotation(3, 0, square, [50, 50]), annotation(4, 1, square)];
    writeFileSync(path('coco', 'coco.json'), JSON.stringify({ images, annotations, categories: [] }));
  });

  test('are counted and named by data convert', async () => {
    const { code, said } = await pffnet('data', 'convert', path('coco'), path('converted'));
    expect([code, said]).toEqual([
      0,
      [line, `2 images with 2 objects (coco) in ${path('converted')}, read back and compared`],
    ]);
    expect((await pffnet('data', 'convert', path('coco'), path('exported'), '--to', 'npy')).said[0]).toBe(line);
  });

  test('are counted and named by data check', async () => {
    const { code, out } = await pffnet('data', 'check', path('coco'));
    expect(code).toBe(0);
    expect(out).toContain(`warning  ${line}\n`);
  });

  test('are counted and named by train, before it learns', async () => {
    const args = ['train', ...tiny(), '--validation', '1', '--data', path('coco'), '--out', path('run')];
    const { code, said } = await pffnet(...args);
    expect([code, said[0]]).toEqual([0, line]);
  });

  test('refuse a set of which one image has all of its objects outside', async () => {
    await writeCoco(path('coco', 'coco.json'), [{ fileName: 'synthetic_000.png', labels: labelMap(64, 64) }]);
    const far = { id: 1, image_id: 1, segmentation: [[900, 900, 990, 900, 990, 990]] };
    const images = [{ id: 1, file_name: 'synthetic_000.png', height: 64, width: 64 }];
    writeFileSync(path('coco', 'coco.json'), JSON.stringify({ images, annotations: [far], categories: [] }));
    const [code, said] = await refusal('data', 'convert', path('coco'), path('far'));
    expect([code, said]).toEqual([
      2,
      `pffnet: ${path('coco', 'coco.json')}: synthetic_000.png: its only object lies outside the image of 64 rows and 64 columns; expected outlines in pixels of that image; take the image that was annotated, at the same scale`,
    ]);
    expect(existsSync(path('far'))).toBe(false);
  });
});

describe('label maps that are masks of the foreground', () => {
  const mend =
    "number the regions first, so that every object has an id of its own, such as with scipy.ndimage.label or ImageJ's Connected Components Labeling";
  const mask = labelMap(4, 6, [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0]);
  const truth = labelMap(4, 6, [1, 1, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 4, 0, 0]);
  const times = (factor: number): LabelMap => ({ ...mask, data: mask.data.map((id) => id * factor) });
  const folderOf = async (
    folder: string,
    write: (file: string) => Promise<unknown>,
    names: string[],
  ): Promise<void> => {
    mkdirSync(path(folder), { recursive: true });
    for (const name of names) await write(path(folder, name));
  };

  test.each<[string, string, (file: string) => Promise<unknown>]>([
    ['0 and 1 in PNG', 'png', (file) => writeLabelMap(`${file}.png`, times(1))],
    ['0 and 255 in 32-bit TIFF', 'tif', (file) => writeLabelMap(`${file}.tif`, times(255))],
    ['bool in NPY', 'npy', (file) => writeNpy(`${file}.npy`, { shape: [4, 6], data: Uint8Array.from(mask.data) })],
  ])('are refused by evaluate in a folder of two, warned of in a folder of one: %s', async (what, _, write) => {
    await folderOf(`${what}/pred`, write, ['a', 'b']);
    await folderOf(`${what}/truth`, (file) => writeLabelMap(`${file}.png`, truth), ['a', 'b']);
    const [pred, right] = [path(what, 'pred'), path(what, 'truth')];
    expect(await refusal('evaluate', '--pred', pred, '--truth', right)).toEqual([
      2,
      `pffnet: ${pred}: its label maps hold one id each, a in 4 regions, b in 4 regions: masks of the foreground, each of which would count as one object; ${mend}`,
    ]);
    expect((await refusal('evaluate', '--pred', right, '--truth', pred))[0]).toBe(2);

    await folderOf(`${what}/one`, (file) => writeLabelMap(`${file}.png`, truth), ['a']);
    const { code, said } = await pffnet('evaluate', '--pred', pred, '--truth', path(what, 'one'));
    expect([code, said]).toEqual([
      0,
      [
        expect.stringContaining('left out, because'),
        `${pred}: one id alone, which counts as one object: a in 4 regions; if that is a mask, ${mend}`,
      ],
    ]);
  });

  test('are an error in data check, and refused by train before it makes a folder', async () => {
    const relabel = ({ height, width }: LabelMap): LabelMap =>
      labelMap(height, width, new Uint32Array(height * width).fill(3, 65, 70).fill(3, 200, 205));
    await writeCells(path('cells'), { count: 3, relabel });
    const { code, out } = await pffnet('data', 'check', path('cells'));
    expect(code).toBe(2);
    expect(out).toMatch(
      /^error +label maps hold one id each, synthetic_000 in 2 regions, .*: masks of the foreground/m,
    );
    const args = ['train', ...tiny(), '--validation', '1', '--data', path('cells'), '--out', path('never')];
    const [refused, said] = await refusal(...args);
    expect([refused, said]).toEqual([2, expect.stringMatching(/cells: its label maps hold one id each, .* regions/)]);
    expect(existsSync(path('never'))).toBe(false);
  });
});
