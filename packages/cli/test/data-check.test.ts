import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { writeImage, writeLabelMap } from '@pffnet/datasets';
import { labelMap } from '@pffnet/structures';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeCells } from './write-data.ts';

const path = temporaryFolder();
const cells = path('cells');

interface Check {
  readonly usable: boolean;
  readonly imageCount: number;
  readonly objectCount: number;
  readonly problems: { severity: string; images: string[]; line: string }[];
  readonly anchors: { configs: string[]; matched: Record<string, number> }[];
  readonly images: { name: string; part: string | null; objects: number }[];
}

async function check(folder: string, ...more: string[]): Promise<Check & { code: number }> {
  const { code, out } = await pffnet('data', 'check', folder, '--json', '-', ...more);
  return { code, ...(JSON.parse(out) as Check) };
}

/** A copy of the cells to spoil. */
function copyOf(name: string): string {
  cpSync(cells, path(name), { recursive: true });
  return path(name);
}

let objects: number;

beforeAll(async () => {
  const samples = await writeCells(cells, { count: 4 });
  objects = samples.reduce((sum, { labels }) => sum + Math.max(...labels.data), 0);
});

describe('data check', () => {
  test('says what is in a sound set', async () => {
    const { code, out, said } = await pffnet('data', 'check', cells);
    expect([code, said]).toEqual([
      0,
      [`the data set can be used; train with: pffnet train --config small --data ${cells} --out run`],
    ]);
    expect(out).toMatch(new RegExp(`^${cells}: 4 images, ${objects} objects \\(plain\\)$`, 'm'));
    expect(out).toMatch(/^64 x 64, 8 bits, colour +4$/m);
    expect(out).toMatch(/^area \(pixels\) +\d/m);
    expect(out).toMatch(/^objects that touch another +\d+ +\d+\.\d %$/m);
    expect(out).toMatch(/^small, smoke: 12, 24, 48, 96, 192 +\d+\.\d % +\d+\.\d % +\d+\.\d % +0\.\d\d$/m);
    expect(out).not.toMatch(/^(error|warning)/m);
  });

  test('writes the same as JSON, and a page with pictures and charts in one file', async () => {
    const files = ['--json', path('check.json'), '--html', path('check.html')];
    expect((await pffnet('data', 'check', cells, ...files)).code).toBe(0);
    const stored = JSON.parse(readFileSync(path('check.json'), 'utf8')) as Check;
    expect(stored).toMatchObject({ usable: true, format: 'plain', imageCount: 4, objectCount: objects });
    expect(stored.images.map(({ name }) => name)).toEqual([0, 1, 2, 3].map((index) => `synthetic_00${index}`));
    const page = readFileSync(path('check.html'), 'utf8');
    expect(page.match(/<img src="data:image\/webp;base64,/g)).toHaveLength(4);
    expect(page.match(/<svg/g)).toHaveLength(3);
    // The letters may well occur in the bytes of a picture.
    expect(page.replaceAll(/base64,[^"]*/g, '')).not.toMatch(/NaN|undefined|\[object/);
  });

  test('looks at the anchors of a config, by IoU falling shares', async () => {
    const sizes = 'instanceHead.anchors.sizes=[200,300,400,500,600]';
    const { anchors, problems } = await check(cells, '--config', 'small', '--set', sizes);
    expect(anchors.at(-1)).toMatchObject({ configs: ['--config'], matched: { '0.5': 0, '0.7': 0 } });
    for (const { matched } of anchors) {
      expect(matched['0.3']! >= matched['0.5']! && matched['0.5']! >= matched['0.7']!).toBe(true);
    }
    expect(problems).toEqual([
      expect.objectContaining({ severity: 'warning', line: expect.stringMatching(/^anchors of 200 to 600 pixels/) }),
    ]);
  });

  test('finds a picture that is in two parts of a split, and ends with 2', async () => {
    const leaking = copyOf('leaking');
    for (const part of ['images', 'labels']) {
      cpSync(path('leaking', part, 'synthetic_000.png'), path('leaking', part, 'twin.png'));
    }
    writeFileSync(path('split.csv'), 'name,fold\nsynthetic_000,0\ntwin,1\nsynthetic_001,1\nsynthetic_002,1\nsynthetic_003,1\n'); // prettier-ignore
    const { code, usable, problems, images } = await check(leaking, '--split', path('split.csv'));
    expect([code, usable, images.map(({ part }) => part)]).toEqual([2, false, ['0', '1', '1', '1', '1']]);
    expect(problems[0]).toEqual({
      severity: 'error',
      images: ['synthetic_000', 'twin'],
      line: 'synthetic_000 (0) and twin (1) are the same picture: a test on one would be of what was learned from the other; remove one, or put both into one part',
    });
  });

  test('goes on after what cannot be read, and names all of it', async () => {
    const spoiled = copyOf('spoiled');
    writeFileSync(path('spoiled', 'images', 'synthetic_000.png'), 'no picture');
    await writeLabelMap(path('spoiled', 'labels', 'synthetic_001.png'), labelMap(8, 8));
    const { code, problems, imageCount } = await check(spoiled, '--html', path('spoiled.html'));
    expect([code, imageCount]).toEqual([2, 2]);
    expect(problems.slice(0, 2).map(({ severity, line }) => `${severity}: ${line}`)).toEqual([
      expect.stringMatching(/^error: cannot read .*synthetic_000\.png/),
      expect.stringMatching(/^error: .*synthetic_001\.png has 8 rows and 8 columns, its image .* 64 and 64; expected/),
    ]);
    expect(readFileSync(path('spoiled.html'), 'utf8')).toContain('2 errors to mend first.');
  });

  test('survives a set of which nothing can be read', async () => {
    const none = copyOf('none');
    for (let index = 0; index < 4; index++) writeFileSync(path('none', 'images', `synthetic_00${index}.png`), '');
    const result = await check(none, '--html', path('none.html'));
    expect(result).toMatchObject({ code: 2, imageCount: 0, objectCount: 0 });
    expect(result.problems).toHaveLength(4);
  });

  test('warns of little contrast and of maps that are no instance maps', async () => {
    const odd = copyOf('odd');
    const image = { height: 64, width: 64, data: Float32Array.from({ length: 64 * 64 * 3 }, (_, at) => at % 7) };
    await writeImage(path('odd', 'images', 'synthetic_000.png'), image);
    const mask = labelMap(
      64,
      64,
      Array.from({ length: 64 * 64 }, (_, at) => (at % 8 < 4 ? 1 : 0)),
    );
    await writeLabelMap(path('odd', 'labels', 'synthetic_000.png'), mask);
    const { code, problems } = await check(odd);
    expect(code).toBe(0);
    const warnings = problems.filter(({ severity }) => severity === 'warning').map(({ line }) => line);
    expect(warnings).toEqual([
      "one id alone, which counts as one object: synthetic_000 in 8 regions; if that is a mask, number the regions first, so that every object has an id of its own, such as with scipy.ndimage.label or ImageJ's Connected Components Labeling",
      'synthetic_000 has fewer than 64 of 256 grey values; the network sees little contrast; set input.scaling.kind=min-max',
    ]);
  });
});

describe('data check refuses, in one line,', () => {
  const call = (...args: string[]): Promise<[code: number, ...said: string[]]> => refusal('data', 'check', ...args);

  test('what is no folder, or no data set', async () => {
    expect(await call(path('nowhere'))).toEqual([2, `pffnet: there is no folder ${path('nowhere')}; check the path`]);
    writeFileSync(path('data.zip'), 'PK');
    expect(await call(path('data.zip'))).toEqual([
      2,
      expect.stringMatching(/data\.zip is a zip file; expected a folder; unpack it and give the folder$/),
    ]);
    const [code, line] = await call(path());
    expect([code, line]).toEqual([
      2,
      expect.stringMatching(/is not a data set of a known form; expected images\/ and labels\//),
    ]);
  });

  test('images without label maps, naming them', async () => {
    const lone = copyOf('lone');
    rmSync(path('lone', 'labels', 'synthetic_002.png'));
    expect(await call(lone)).toEqual([2, expect.stringMatching(/no label map in .* for synthetic_002; expected/)]);
  });

  test('folders that lead in a circle', async () => {
    symlinkSync('circle', path('circle'));
    const [code, line, ...more] = await call(path('circle'));
    expect([code, more]).toEqual([2, []]);
    expect(line).toMatch(/^pffnet: .*circle is a symbolic link to itself; expected a folder; mend the link$/);
  });

  test('a form that is not known, and a page that cannot be written', async () => {
    expect((await call(cells, '--format', 'kumr'))[1]).toMatch(
      /argument 'kumr' is invalid. Allowed choices are .*plain, kumar/,
    );
    expect((await call(cells, '--html', path('no', 'where.html')))[1]).toMatch(/there is no folder .*no; create it/);
  });
});
