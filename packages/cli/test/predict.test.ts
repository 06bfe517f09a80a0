import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readImage, readLabelMap, writeImage } from '@pffnet/datasets';
import { objectIds, type RgbImage } from '@pffnet/structures';
import sharp from 'sharp';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeUntrained } from './untrained.ts';
import { writeCells } from './write-data.ts';

const path = temporaryFolder();
const model = path('model.safetensors');
const images = path('cells', 'images');

beforeAll(async () => {
  await writeUntrained(model);
  await writeCells(path('cells'), { count: 2 });
});

interface Entry {
  readonly image: string;
  readonly instances: {
    readonly id: number;
    readonly box: readonly [number, number, number, number];
    readonly area: number;
    readonly classScore: number;
    readonly quality: number;
    readonly confidence: number;
  }[];
  readonly seconds: number;
}

const blank = (height: number, width: number): RgbImage => ({
  height,
  width,
  data: new Float32Array(height * width * 3).fill(255),
});

describe('predict', () => {
  test('writes a label map, a picture and a table per image, and JSON of all', async () => {
    const json = path('objects.json');
    const call = ['--model', model, '--out', path('out'), '--json', json, images];
    const { code, out, said } = await pffnet('predict', ...call);
    expect([code, out]).toEqual([0, '']);
    const names = ['synthetic_000', 'synthetic_001'];
    expect(readdirSync(path('out')).sort()).toEqual(
      names.flatMap((name) => [`${name}.csv`, `${name}.png`, `${name}_overlay.png`]).sort(),
    );
    const entries = JSON.parse(readFileSync(json, 'utf8')) as Entry[];
    const objects = entries[0]!.instances.length + entries[1]!.instances.length;
    expect(objects).toBeGreaterThan(2);
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${objects} objects in 2 images, [0-9.]+ s per image on \\S+ \\(.+\\); label maps in ${path('out')}$`,
        ),
      ),
    ]);
    expect(entries.map(({ image }) => image)).toEqual(names.map((name) => path('cells', 'images', `${name}.png`)));
    for (const [index, entry] of entries.entries()) {
      expect(Object.keys(entry)).toEqual(['image', 'instances', 'seconds']);
      const labels = await readLabelMap(path('out', `${names[index]!}.png`));
      expect(entry.instances.map(({ id }) => id)).toEqual(objectIds(labels));
      const table = readFileSync(path('out', `${names[index]!}.csv`), 'utf8')
        .trimEnd()
        .split('\n');
      expect(table[0]).toBe('id,y1,x1,y2,x2,area,classScore,quality,confidence');
      expect(table.slice(1)).toEqual(
        entry.instances.map(({ id, box, area, classScore, quality, confidence }) =>
          [id, ...box, area, classScore, quality, confidence].join(),
        ),
      );
      for (const instance of entry.instances) {
        expect(Object.keys(instance)).toEqual(['id', 'box', 'area', 'classScore', 'quality', 'confidence']);
        expect(labels.data.filter((id) => id === instance.id)).toHaveLength(instance.area);
        expect(instance.confidence).toBeCloseTo(instance.classScore * instance.quality, 6);
      }
    }
  });

  test('writes JSON alone to standard output, the same each time', async () => {
    const runs = [];
    for (const out of ['again', 'once-more']) {
      const { out: text } = await pffnet('predict', '--model', model, '--out', path(out), '--json', '-', images);
      runs.push((JSON.parse(text) as Entry[]).map(({ image, instances }) => ({ image, instances })));
    }
    expect(runs[0]).toEqual(runs[1]);
  });

  test('writes both semantic predictions on request', async () => {
    const [first] = readdirSync(images);
    const call = ['--model', model, '--out', path('semantic'), '--semantic', path('cells', 'images', first!)];
    expect((await pffnet('predict', ...call)).code).toBe(0);
    for (const kind of ['semantic', 'fused']) {
      const map = await readImage(path('semantic', `synthetic_000_${kind}.png`));
      expect([map.height, map.width]).toEqual([64, 64]);
      expect(new Set(map.data).size).toBeGreaterThan(3);
    }
  });

  test('takes grey and 16-bit images, and of any size', async () => {
    const values = Uint16Array.from({ length: 45 * 70 }, (_, pixel) => (pixel * 977) % 4096);
    const grey = { raw: { width: 70, height: 45, channels: 1 } } as const;
    await sharp(values, grey).toColourspace('grey16').png().toFile(path('deep.png'));
    await sharp(Buffer.from(values.map((value) => value >> 4)), grey)
      .tiff()
      .toFile(path('grey.tif'));
    const call = ['--model', model, '--out', path('kinds'), path('deep.png'), path('grey.tif')];
    expect((await pffnet('predict', ...call)).code).toBe(0);
    for (const name of ['deep', 'grey']) {
      expect(await readLabelMap(path('kinds', `${name}.png`))).toMatchObject({ height: 45, width: 70 });
    }
  });

  test('scales the numbers of a file as the config of the weights says', async () => {
    // 16-bit numbers that use a sixteenth of their range: dark by `range`, and as they were by the default percentiles.
    const { data } = await readImage(path('cells', 'images', 'synthetic_000.png'));
    const raw = { raw: { width: 64, height: 64, channels: 3 } } as const;
    await sharp(
      Uint16Array.from(data, (value) => value * 16),
      raw,
    )
      .toColourspace('rgb16')
      .png()
      .toFile(path('dark.png'));
    const found = [];
    for (const scaling of ['auto', 'range']) {
      const file = path(`${scaling}.safetensors`);
      await writeUntrained(file, `input.scaling.kind=${scaling}`);
      const { out } = await pffnet('predict', '--model', file, '--out', path(scaling), '--json', '-', path('dark.png'));
      found.push((JSON.parse(out) as Entry[])[0]!.instances);
    }
    expect(found[0]).not.toEqual(found[1]);
  });

  test('reads large images in tiles', async () => {
    await writeCells(path('large'), { count: 1, size: 200 });
    const tiles = 'test.tiles={"abovePixels":10000,"size":128,"overlap":64}';
    await writeUntrained(path('tiled.safetensors'), tiles);
    const call = ['--model', path('tiled.safetensors'), '--out', path('tiled'), '--json', '-', path('large', 'images')];
    const { code, out } = await pffnet('predict', ...call);
    expect(code).toBe(0);
    const labels = await readLabelMap(path('tiled', 'synthetic_000.png'));
    expect(labels).toMatchObject({ height: 200, width: 200 });
    const [entry] = JSON.parse(out) as Entry[];
    expect(entry!.instances.map(({ id }) => id)).toEqual(objectIds(labels));
    // Objects beyond the first tile.
    expect(entry!.instances.some(({ box }) => box[0] > 128)).toBe(true);
  });

  test('finds nothing where nothing is sure enough: an empty map, a table of one line', async () => {
    const strict = path('strict.safetensors');
    await writeUntrained(strict, 'test.scoreThreshold=0.99', 'test.minScore=0.99');
    await writeImage(path('blank.png'), blank(40, 50));
    const call = ['--model', strict, '--out', path('none'), '--json', '-', '--semantic', path('blank.png')];
    const { code, out, said } = await pffnet('predict', ...call);
    expect([code, ...said]).toEqual([
      0,
      expect.stringMatching(/^0 objects in 1 image, /),
      'nothing was found: train for more steps, or lower the threshold with --set test.minScore=0.3',
    ]);
    expect(JSON.parse(out)).toEqual([{ image: path('blank.png'), instances: [], seconds: expect.any(Number) }]);
    expect(objectIds(await readLabelMap(path('none', 'blank.png')))).toEqual([]);
    expect(readFileSync(path('none', 'blank.csv'), 'utf8').split('\n')).toHaveLength(2);
    expect(existsSync(path('none', 'blank_fused.png'))).toBe(true);
  });

  test.each<[string, string]>([
    ['minScore=1', 'to 0.5 say'],
    ['maskThreshold=1', 'to 0.5 say'],
    ['scoreThreshold=0.99999999', 'to 0.05 say'],
  ])('says which rule left nothing, not that more training would help: %s', async (setting, mend) => {
    await writeImage(path('blank.png'), blank(40, 50));
    const call = ['--model', model, '--out', path('excluded'), '--set', `test.${setting}`, path('blank.png')];
    const { code, said } = await pffnet('predict', ...call);
    expect([code, ...said]).toEqual([
      0,
      `test.${setting} excludes every object: nothing exceeds 1; lower it, ${mend}`,
      expect.stringMatching(/^0 objects in 1 image, /),
    ]);
  });

  test('stops after the current image at Ctrl-C, and keeps what is done', async () => {
    const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => path(`${name}.png`));
    for (const file of all) await writeImage(file, blank(32, 32));
    const call = ['--model', model, '--out', path('stopped'), '--json', '-', ...all];
    const press = setInterval(() => {
      if (!existsSync(path('stopped', 'a.csv'))) return;
      clearInterval(press);
      process.emit('SIGINT');
    }, 1);
    const { code, out, said } = await pffnet('predict', ...call);
    expect(code).toBe(130);
    const done = (JSON.parse(out) as Entry[]).map(({ image }) => image);
    expect(done).toEqual(all.slice(0, done.length));
    expect(done.map((file) => existsSync(file.replace(path(), path('stopped'))))).not.toContain(false);
    expect(said.at(-1)).toBe(
      `stopped before ${all[done.length]!}; ${all.length - done.length} image${all.length - done.length === 1 ? '' : 's'} left`,
    );
  });
});

describe('a request to predict that cannot be', () => {
  const call = (...args: string[]): Promise<[code: number, ...said: string[]]> =>
    refusal('predict', '--out', path('refused'), ...args);

  test('a missing model, a folder without weights', async () => {
    expect(await call('--model', path('no.safetensors'), images)).toEqual([
      2,
      `pffnet: --model ${path('no.safetensors')}: there is no such run or file; check the path`,
    ]);
    mkdirSync(path('no-run'));
    expect(await call('--model', path('no-run'), images)).toEqual([
      2,
      `pffnet: --model ${path('no-run')}: has no weights in checkpoints/; train it first, or give another run or file`,
    ]);
  });

  test.each([
    ['its header', 500, 'its header is cut short'],
    ['a tensor', 1_000_000, 'is cut short'],
  ])('a model file cut within %s', async (_, bytes, words) => {
    const file = path('cut.safetensors');
    writeFileSync(file, readFileSync(model).subarray(0, bytes));
    const [code, line, ...more] = await call('--model', file, images);
    expect([code, more]).toEqual([2, []]);
    expect(line).toContain(`pffnet: ${file}: not a safetensors file (`);
    expect(line).toContain(words);
  });

  test('a model file that is none', async () => {
    const [code, line] = await call('--model', path('cells', 'images', 'synthetic_000.png'), images);
    expect([code, line]).toEqual([2, expect.stringMatching(/synthetic_000\.png: not a safetensors file/)]);
  });

  test('a missing image, a file that is no image, an empty folder', async () => {
    expect(await call('--model', model, path('none.png'))).toEqual([
      2,
      `pffnet: ${path('none.png')}: there is no such image or folder; check the path`,
    ]);
    expect(await call('--model', model, model)).toEqual([
      2,
      expect.stringMatching(/^pffnet: cannot read .*model\.safetensors: .*; expected a PNG/),
    ]);
    mkdirSync(path('void'));
    expect(await call('--model', model, path('void'))).toEqual([
      2,
      `pffnet: ${path('void')} holds no image; expected png, tif, jpg or webp files; put some there`,
    ]);
  });

  test('an image at fault among others: what was done before it is kept', async () => {
    writeFileSync(path('broken.png'), 'not a picture');
    const fine = path('cells', 'images', 'synthetic_000.png');
    const call = ['--model', model, '--out', path('partly'), '--json', path('partly.json'), fine, path('broken.png')];
    const { code, said } = await pffnet('predict', ...call);
    expect([code, said]).toEqual([
      2,
      ['1 image of 2 done', expect.stringMatching(/^pffnet: cannot read .*broken\.png: /)],
    ]);
    const entries = JSON.parse(readFileSync(path('partly.json'), 'utf8')) as Entry[];
    expect(entries.map(({ image }) => image)).toEqual([fine]);
    expect(existsSync(path('partly', 'synthetic_000.png'))).toBe(true);
  });

  test('two images that would be written to one file, even by way of a picture', async () => {
    for (const name of ['one', 'one_overlay']) {
      mkdirSync(path('two'), { recursive: true });
      await writeImage(path('two', `${name}.png`), blank(8, 8));
      await writeImage(path(`${name}.png`), blank(8, 8));
    }
    expect(await call('--model', model, path('one.png'), path('two', 'one.png'))).toEqual([
      2,
      `pffnet: ${path('one.png')} and ${path('two', 'one.png')} would both be written as ${path('refused', 'one.png')}; predict them into two folders`,
    ]);
    expect((await call('--model', model, path('two')))[1]).toMatch(/would both be written as .*one_overlay\.png;/);
  });

  test('an output folder where an image would be replaced', async () => {
    const before = readFileSync(path('cells', 'images', 'synthetic_000.png'));
    const [code, line] = await refusal('predict', '--model', model, '--out', images, images);
    expect([code, line]).toEqual([
      2,
      expect.stringMatching(/^pffnet: .*synthetic_000\.png: the prediction of .* would replace this image; choose/),
    ]);
    expect(readFileSync(path('cells', 'images', 'synthetic_000.png'))).toEqual(before);
  });
});
