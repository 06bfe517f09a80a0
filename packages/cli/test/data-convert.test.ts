import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  listImages,
  openDataset,
  readImage,
  readLabelMap,
  type Sample,
  writeImage,
  writeLabelMap,
} from '@pffnet/datasets';
import { labelMap } from '@pffnet/structures';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { relabelled, writeCells } from './write-data.ts';

const path = temporaryFolder();
const cells = path('cells');
let samples: readonly Sample[];

interface Manifest {
  readonly format: string;
  readonly imageCount: number;
  readonly objectCount: number;
  readonly images: { name: string; image: string; labels: string; origin: string; sha256: string; objects: number }[];
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(path(folder, 'manifest.json'), 'utf8')) as Manifest;

beforeAll(async () => {
  samples = await writeCells(cells, { count: 3, relabel: relabelled((id) => id * 3) });
});

describe('data convert', () => {
  test('copies images byte for byte and every id, and says where they come from', async () => {
    const { code, out, said } = await pffnet('data', 'convert', cells, path('copy'));
    const objects = samples.reduce((sum, { labels }) => sum + Math.max(...labels.data) / 3, 0);
    expect([code, out, said]).toEqual([
      0,
      '',
      [`3 images with ${objects} objects (plain) in ${path('copy')}, read back and compared`],
    ]);
    expect(readdirSync(path('copy')).sort()).toEqual(['images', 'labels', 'manifest.json']);
    for (const { name, labels } of samples) {
      expect(readFileSync(path('copy', 'images', `${name}.png`))).toEqual(
        readFileSync(path('cells', 'images', `${name}.png`)),
      );
      expect(await readLabelMap(path('copy', 'labels', `${name}.png`))).toEqual(labels);
    }
    expect(manifestOf('copy')).toMatchObject({ format: 'plain', imageCount: 3, objectCount: objects });
    expect(manifestOf('copy').images[0]).toMatchObject({
      name: 'synthetic_000',
      image: 'images/synthetic_000.png',
      labels: 'labels/synthetic_000.png',
      origin: 'images/synthetic_000.png',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('reads TNBC as downloaded: files in its form that are written here', async () => {
    for (const part of ['Slide_01', 'GT_01']) mkdirSync(path('tnbc', part), { recursive: true });
    const mask = labelMap(8, 8);
    for (const at of [0, 1, 8, 9, 36, 37]) mask.data[at] = 255;
    await writeImage(path('tnbc', 'Slide_01', '01_1.png'), {
      height: 8,
      width: 8,
      data: new Float32Array(192).fill(9),
    });
    await writeLabelMap(path('tnbc', 'GT_01', '01_1.png'), mask);
    expect((await pffnet('data', 'convert', path('tnbc'), path('tnbc-plain'))).code).toBe(0);
    expect(manifestOf('tnbc-plain')).toMatchObject({ format: 'tnbc', objectCount: 2 });
    expect((await openDataset(path('tnbc-plain'))).names).toEqual(['01_1']);
  });

  test('writes the lists of BBBC039 as its split, unless told another: files in its form that are written here', async () => {
    for (const folder of ['images', 'masks', 'metadata/metadata']) mkdirSync(path('bbbc', folder), { recursive: true });
    for (const [index, list] of ['test', 'training', 'validation'].entries()) {
      const [name, { image, labels }] = [`site${index}`, samples[index]!];
      await writeImage(path('bbbc', 'images', `${name}.png`), image);
      await writeLabelMap(path('bbbc', 'masks', `${name}.png`), labels);
      writeFileSync(path('bbbc', 'metadata', 'metadata', `${list}.txt`), `${name}.png\n`);
    }
    const { said } = await pffnet('data', 'convert', path('bbbc'), path('bbbc-plain'));
    expect(said[0]).toBe(`split: ${path('bbbc', 'metadata', 'metadata')}, which came with the data`);
    expect(readFileSync(path('bbbc-plain', 'split.csv'), 'utf8')).toBe(
      'name,part\nsite0,test\nsite1,train\nsite2,validation\n',
    );
    writeFileSync(path('own.csv'), 'name,fold\nsite0,a\nsite1,b\nsite2,b\n');
    await pffnet('data', 'convert', path('bbbc'), path('bbbc-own'), '--split', path('own.csv'));
    expect(readFileSync(path('bbbc-own', 'split.csv'), 'utf8')).toMatch(/^name,part\nsite0,a\n/);
    expect((await refusal('data', 'convert', cells, path('never'), '--column', 'fold'))[1]).toBe(
      'pffnet: --column needs --split, which has the columns',
    );
  });

  test('writes the split beside them', async () => {
    writeFileSync(path('split.csv'), 'name,fold\nsynthetic_000,test\nsynthetic_001,train\nsynthetic_002,train\n');
    expect((await pffnet('data', 'convert', cells, path('parts'), '--split', path('split.csv'))).code).toBe(0);
    expect(readFileSync(path('parts', 'split.csv'), 'utf8')).toBe(
      'name,part\nsynthetic_000,test\nsynthetic_001,train\nsynthetic_002,train\n',
    );
    const { code } = await pffnet('data', 'check', path('parts'), '--split', path('parts', 'split.csv'));
    expect(code).toBe(0);
  });

  test('--patches cuts the same squares for the same seed, and each as it stands in its image', async () => {
    const cut = (out: string, seed: string): ReturnType<typeof pffnet> =>
      pffnet('data', 'convert', cells, path(out), '--patches', '4', '--patch-size', '32', '--seed', seed);
    expect((await cut('p1', '5')).said).toEqual([expect.stringMatching(/^12 images with \d+ objects/)]);
    await cut('p2', '5');
    await cut('p3', '6');
    expect(manifestOf('p2')).toEqual(manifestOf('p1'));
    expect(manifestOf('p3').images.map(({ name }) => name)).not.toEqual(
      manifestOf('p1').images.map(({ name }) => name),
    );
    const [{ name, image, labels, origin }] = manifestOf('p1').images as [Manifest['images'][0]];
    expect([image, origin]).toEqual([`images/${name}.png`, 'images/synthetic_000.png']);
    const [y, x] = /^synthetic_000_y(\d+)_x(\d+)$/.exec(name)!.slice(1).map(Number) as [number, number];
    const [patch, ids] = [await readImage(path('p1', image)), await readLabelMap(path('p1', labels))];
    const whole = samples[0]!;
    for (let at = 0; at < 32 * 32; at++) {
      const from = (y + Math.floor(at / 32)) * 64 + x + (at % 32);
      expect([ids.data[at], patch.data[at * 3]]).toEqual([whole.labels.data[from], whole.image.data[from * 3]]);
    }
  });
});

describe('data convert refuses, in one line and leaving nothing,', () => {
  const call = (...args: string[]): Promise<[code: number, ...said: string[]]> => refusal('data', 'convert', ...args);

  test('a folder that is there', async () => {
    mkdirSync(path('there'));
    expect(await call(cells, path('there'))).toEqual([
      2,
      `pffnet: ${path('there')} exists already and is not overwritten; remove it or choose another name`,
    ]);
  });

  test('an image in the midst that cannot be read', async () => {
    cpSync(cells, path('spoiled'), { recursive: true });
    const whole = readFileSync(path('spoiled', 'images', 'synthetic_002.png'));
    writeFileSync(path('spoiled', 'images', 'synthetic_002.png'), whole.subarray(0, whole.length / 2));
    const [code, line, ...more] = await call(path('spoiled'), path('never'));
    expect([code, more]).toEqual([2, []]);
    expect(line).toMatch(/^pffnet: cannot read .*synthetic_002\.png/);
    expect(existsSync(path('never'))).toBe(false);
    expect(readdirSync(path()).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('labels of another size, a missing partner, a split with a gap, a form that it is not', async () => {
    cpSync(cells, path('sizes'), { recursive: true });
    await writeLabelMap(path('sizes', 'labels', 'synthetic_001.png'), labelMap(4, 4, Array<number>(16).fill(1)));
    expect((await call(path('sizes'), path('never')))[1]).toMatch(/has 4 rows and 4 columns, its image .* 64 and 64/);
    rmSync(path('sizes', 'labels', 'synthetic_001.png'));
    expect((await call(path('sizes'), path('never')))[1]).toMatch(/no label map in .* for synthetic_001/);
    writeFileSync(path('gap.csv'), 'name,fold\nsynthetic_000,test\n');
    expect((await call(cells, path('never'), '--split', path('gap.csv')))[1]).toBe(
      'pffnet: the split does not mention synthetic_001, synthetic_002; expected a line for every image; take another split',
    );
    expect((await call(cells, path('never'), '--format', 'tnbc'))[1]).toMatch(/is not laid out as tnbc; expected/);
    expect(existsSync(path('never'))).toBe(false);
    expect(await listImages(path('cells', 'images'))).toHaveLength(3);
  });
});
