import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { writeLabelMap } from '@pffnet/datasets';
import { scoreNames } from '@pffnet/metrics';
import { type LabelMap, labelMap } from '@pffnet/tensor-ops/structures';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { relabelled } from './write-data.ts';

const path = temporaryFolder();

/** Two objects of four pixels each, side by side. */
const two = labelMap(4, 6, [1, 1, 0, 0, 2, 2, 1, 1, 0, 0, 2, 2, ...Array<number>(12).fill(0)]);
/** The first of them, and one pixel too many. */
const one = labelMap(4, 6, [1, 1, 1, 0, 0, 0, 1, 1, ...Array<number>(16).fill(0)]);
const none = labelMap(4, 6);

async function folder(name: string, maps: Readonly<Record<string, LabelMap>>): Promise<string> {
  mkdirSync(path(name), { recursive: true });
  for (const [file, map] of Object.entries(maps)) await writeLabelMap(join(path(name), file), map);
  return path(name);
}

interface Scores {
  readonly policy: unknown;
  readonly images: Record<string, number | string | null>[];
  readonly mean: Record<string, number | null>;
  readonly std: Record<string, number | null>;
  readonly comparison?: Record<string, number | null>;
}

async function scores(pred: string, truth: string, ...more: string[]): Promise<Scores> {
  const { code, out } = await pffnet('evaluate', '--pred', pred, '--truth', truth, '--json', '-', ...more);
  expect(code).toBe(0);
  return JSON.parse(out) as Scores;
}

let truth: string;
let pred: string;

beforeAll(async () => {
  truth = await folder('truth', { 'a.png': two, 'b.png': two });
  pred = await folder('pred', { 'a.png': two, 'b.tif': one });
});

describe('evaluate', () => {
  test('prints the mean and spread of every score', async () => {
    const { code, out, said } = await pffnet('evaluate', '--pred', pred, '--truth', truth);
    expect([code, said]).toEqual([0, []]);
    const [head, empty, columns, ...rows] = out.trimEnd().split('\n');
    expect([head, empty, columns?.trim().split(/ +/)]).toEqual([
      '2 images; undefined scores are left out of the means',
      '',
      ['mean', 'std'],
    ]);
    expect(rows.map((row) => row.split(/ +/)[0])).toEqual(scoreNames);
    // Dice 1 and 2 * 4 / (5 + 8); F1 1 and 2 * 1 / (1 + 2).
    expect(rows).toContainEqual(expect.stringMatching(/^dice +0\.8077 +0\.1923$/));
    expect(rows).toContainEqual(expect.stringMatching(/^f1 +0\.8333 +0\.1667$/));
  });

  test('writes the documented JSON, and nothing else to standard output', async () => {
    const { policy, images, mean, std, ...rest } = await scores(pred, truth);
    expect(rest).toEqual({});
    expect(policy).toEqual({ emptyAs: 'skip', numbering: 'objects' });
    expect(images.map((image) => Object.keys(image))).toEqual([
      ['name', ...scoreNames],
      ['name', ...scoreNames],
    ]);
    expect([Object.keys(mean), Object.keys(std)]).toEqual([scoreNames, scoreNames]);
    expect(images[1]).toMatchObject({ name: 'b', truthCount: 2, predictedCount: 1, countDifference: -1 });
  });

  test('writes JSON and CSV files beside the table', async () => {
    const files = ['--json', path('s.json'), '--csv', path('s.csv')];
    const { code, out } = await pffnet('evaluate', '--pred', pred, '--truth', truth, ...files);
    expect([code, out.split('\n')[0]]).toEqual([0, '2 images; undefined scores are left out of the means']);
    const stored = JSON.parse(readFileSync(path('s.json'), 'utf8')) as Scores;
    expect(stored).toEqual(await scores(pred, truth));
    const [head, ...rows] = readFileSync(path('s.csv'), 'utf8').trimEnd().split('\n');
    expect(head).toBe(['name', ...scoreNames].join(','));
    expect(rows.map((row) => row.split(','))).toEqual(
      stored.images.map((image) => Object.values(image).map((value) => String(value ?? ''))),
    );
  });

  test('matches names whatever the extension, and passes over the pictures of predict', async () => {
    const beside = await folder('beside', { 'a.tiff': two, 'b.png': one });
    for (const ending of ['overlay', 'semantic', 'fused', 'truth'])
      writeFileSync(path('beside', `a_${ending}.png`), 'a picture');
    expect((await scores(beside, truth)).mean).toEqual((await scores(pred, truth)).mean);
  });

  test('takes a name that merely ends like such a picture for what it is', async () => {
    const maps = { 'cell_overlay.png': two };
    const { images } = await scores(await folder('p-ends', maps), await folder('t-ends', maps));
    expect(images.map(({ name }) => name)).toEqual(['cell_overlay']);
  });

  test('warns of predictions without a truth', async () => {
    const maps = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [`${name}.png`, two]));
    const { code, said } = await pffnet('evaluate', '--pred', await folder('more', maps), '--truth', truth);
    expect([code, said]).toEqual([
      0,
      [`${path('more')}: left out, for want of a truth in ${truth}: c, d, e and 1 more`],
    ]);
  });

  test('scores ids with gaps, beyond 16 bits, and objects of one pixel', async () => {
    const far = relabelled((id) => id * 3_000_000_000 - 2_999_999_000);
    const dots = labelMap(4, 6, [7, 0, 0, 0, 0, 9, ...Array<number>(18).fill(0)]);
    const { images } = await scores(
      await folder('far', { 'a.tif': far(two), 'b.png': dots }),
      await folder('near', { 'a.png': two, 'b.png': dots }),
    );
    for (const image of images) expect(image).toMatchObject({ truthCount: 2, predictedCount: 2, aji: 1, f1: 1, pq: 1 });
  });

  test('scores more than 65,535 objects in one image', async () => {
    const pixels = 260 * 260;
    const every: LabelMap = { height: 260, width: 260, data: Uint32Array.from({ length: pixels }, (_, id) => id + 1) };
    const maps = { 'a.png': every };
    const { images } = await scores(await folder('p-many', maps), await folder('t-many', maps));
    expect(images[0]).toMatchObject({ truthCount: pixels, predictedCount: pixels, aji: 1, pq: 1 });
  });

  const undefinedScores = scoreNames.filter((name) => !/Count$|ountDifference$/.test(name));

  test.each([
    ['skip', 1, 'left out of the mean'],
    ['one', 1, 'counted as one'],
    ['zero', 0.5, 'counted as zero'],
  ])('--empty-as %s: images without any object', async (policy, mean, words) => {
    const maps = { 'a.png': two, 'b.png': none };
    const call = ['--pred', await folder('p-empty', maps), '--truth', await folder('t-empty', maps)];
    const { out, said } = await pffnet('evaluate', ...call, '--empty-as', policy, '--json', '-');
    const result = JSON.parse(out) as Scores;
    expect([result.images[1]?.['aji'], result.mean['aji'], result.policy]).toEqual([
      null,
      mean,
      { emptyAs: policy, numbering: 'objects' },
    ]);
    expect(said).toEqual([
      `${undefinedScores.join(', ')}: undefined in 1 of 2 images, where neither map has an object; ${words} (b)`,
    ]);
  });

  test('--cvppp-strict counts gaps as objects', async () => {
    const gap = await folder('gap', { 'a.png': relabelled((id) => id + 2)(two) });
    const alone = await folder('alone', { 'a.png': two });
    const strict = await scores(gap, alone, '--cvppp-strict');
    expect(strict.policy).toMatchObject({ numbering: 'cvppp-strict' });
    expect([strict.mean['countDifference'], (await scores(gap, alone)).mean['countDifference']]).toEqual([2, 0]);
  });

  describe('--compare', () => {
    test('gives the p-value of every score of Table III', async () => {
      const maps = { 'a.png': two, 'b.png': two, 'c.png': two };
      const t = await folder('t3', maps);
      const ours = await folder('ours', maps);
      const theirs = await folder('theirs', { 'a.png': one, 'b.png': one, 'c.png': two });
      const { comparison } = await scores(ours, t, '--compare', theirs);
      // Differences d, d, 0: t = (2 d / 3) / (d / 3) = 2 with 2 degrees of freedom, p = 0.09175.
      expect(Object.keys(comparison ?? {})).toEqual(['aji', 'dice', 'f1', 'pq']);
      for (const p of Object.values(comparison ?? {})) expect(p).toBeCloseTo(0.09175, 5);
      const { out } = await pffnet('evaluate', '--pred', ours, '--truth', t, '--compare', theirs);
      expect(out).toMatch(/^f1 +1\.0000 +0\.7778 +0\.0918$/m);
      expect(out).toContain(`how probable so large a difference is if ${ours} is not better`);
    });

    test('with itself is undefined', async () => {
      expect((await scores(pred, truth, '--compare', pred)).comparison).toEqual({
        aji: null,
        dice: null,
        f1: null,
        pq: null,
      });
    });
  });

  describe('refuses, in one line,', () => {
    const call = (...args: string[]): Promise<[code: number, ...said: string[]]> => refusal('evaluate', ...args);

    test('missing predictions, naming them', async () => {
      const maps = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.png`, two]));
      const five = await folder('five', maps);
      const lone = await folder('lone', { 'a.png': two });
      const line = `pffnet: ${lone} lacks 4 of the 5 label maps of ${five}: b, c, d and 1 more; predict them, or keep the truth of the others in a folder of its own`;
      expect(await call('--pred', lone, '--truth', five)).toEqual([2, line]);
      expect(await call('--pred', five, '--truth', five, '--compare', lone)).toEqual([2, line]);
    });

    test('a missing folder, a file, an empty folder', async () => {
      expect(await call('--pred', path('nowhere'), '--truth', truth)).toEqual([
        2,
        `pffnet: there is no folder ${path('nowhere')}; check the path`,
      ]);
      expect((await call('--pred', path('truth', 'a.png'), '--truth', truth))[1]).toMatch(/a\.png is a file; expected/);
      mkdirSync(path('empty'));
      expect((await call('--pred', pred, '--truth', path('empty')))[1]).toMatch(/empty holds no image; expected/);
    });

    test('maps of different size', async () => {
      const small = await folder('small', { 'a.png': labelMap(2, 2, [1, 0, 0, 0]), 'b.png': two });
      expect(await call('--pred', small, '--truth', truth)).toEqual([
        2,
        'pffnet: a: the prediction has 2 x 2 and the truth 4 x 6 pixels (height x width); compare label maps of the same image at the same size',
      ]);
    });

    test('a file that cannot be read', async () => {
      const broken = await folder('broken', { 'a.png': two, 'b.png': two });
      const whole = readFileSync(path('broken', 'b.png'));
      writeFileSync(path('broken', 'b.png'), whole.subarray(0, 40));
      const [code, line, ...more] = await call('--pred', broken, '--truth', truth);
      expect([code, more]).toEqual([2, []]);
      expect(line).toMatch(/^pffnet: cannot read .*b\.png: /);
    });

    test('an output folder that is not there', async () => {
      const [code, line] = await call('--pred', pred, '--truth', truth, '--csv', path('no', 'where.csv'));
      expect([code, line]).toEqual([2, expect.stringMatching(/there is no folder .*no; create it first$/)]);
    });
  });
});
