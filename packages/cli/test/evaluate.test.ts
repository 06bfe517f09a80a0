import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { writeImage, writeLabelMap } from '@pffnet/datasets';
import { type ScoreComparison, scoreNames } from '@pffnet/metrics';
import { type LabelMap, labelMap } from '@pffnet/structures';
import { parseHTML } from 'linkedom';
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
  readonly pooled: Record<string, number | null>;
  readonly groups?: Record<string, Pick<Scores, 'mean' | 'pooled' | 'comparison'> & { imageCount: number }>;
  readonly comparison?: Record<string, ScoreComparison>;
  readonly comparedWith?: unknown;
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
    const [policy, , head, , columns, ...rows] = out.trimEnd().split('\n');
    expect([policy, head, columns?.trim().split(/ +/)]).toEqual([
      'policy: empty-as skip (undefined scores are left out of the means); numbering objects (every id but 0 is an object)',
      '2 images',
      ['mean', 'std', 'pooled'],
    ]);
    expect(rows.map((row) => row.split(/ +/)[0])).toEqual(scoreNames);
    // Dice 1 and 2 * 4 / (5 + 8), together 2 * 12 / (13 + 16); F1 1 and 2 * 1 / (1 + 2), together 2 * 3 / (6 + 1).
    expect(rows).toContainEqual(expect.stringMatching(/^dice +0\.8077 +0\.1923 +0\.8276$/));
    expect(rows).toContainEqual(expect.stringMatching(/^f1 +0\.8333 +0\.1667 +0\.8571$/));
  });

  test('writes the documented JSON, and nothing else to standard output', async () => {
    const { policy, images, mean, std, pooled, ...rest } = await scores(pred, truth);
    expect(rest).toEqual({});
    expect(policy).toEqual({ emptyAs: 'skip', numbering: 'objects' });
    expect(images.map((image) => Object.keys(image))).toEqual([
      ['name', ...scoreNames],
      ['name', ...scoreNames],
    ]);
    expect([mean, std, pooled].map((row) => Object.keys(row))).toEqual([scoreNames, scoreNames, scoreNames]);
    expect(pooled).toMatchObject({ truthCount: 4, predictedCount: 3, dice: (2 * 12) / 29 });
    expect(images[1]).toMatchObject({ name: 'b', truthCount: 2, predictedCount: 1, countDifference: -1 });
  });

  test('writes JSON and CSV files beside the table', async () => {
    const files = ['--json', path('s.json'), '--csv', path('s.csv')];
    const { code, out } = await pffnet('evaluate', '--pred', pred, '--truth', truth, ...files);
    expect([code, out.split('\n')[2]]).toEqual([0, '2 images']);
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

  test('matches names that are coded in two ways, their suffix too, and those with .ome before the ending', async () => {
    const [here, there] = [(name: string) => name.normalize('NFC'), (name: string) => name.normalize('NFD')];
    const ours = await folder('coded', { [`${there('ä_é')}.png`]: two, 'b_é.ome.tif': one });
    const right = await folder('right', { [`${here('ä')}.png`]: two, 'b.ome.tif': one });
    expect((await scores(ours, right, '--pred-suffix', here('_é'))).images.map(({ name }) => name)).toEqual([
      'b',
      here('ä'),
    ]);
  });

  test('reads NumPy arrays, ids beyond 16 bits included', async () => {
    const numpy = (name: string, { height, width, data }: LabelMap): void => {
      const header = `{'descr': '<u4', 'fortran_order': False, 'shape': (${height}, ${width}), }`.padEnd(117) + '\n';
      const magic = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]);
      mkdirSync(path('numpy'), { recursive: true });
      writeFileSync(path('numpy', name), Buffer.concat([magic, Buffer.from(header), Buffer.from(data.buffer)]));
    };
    numpy('a.npy', relabelled((id) => id * 70_000)(two));
    numpy('b.npy', one);
    expect((await scores(path('numpy'), truth)).mean).toEqual((await scores(pred, truth)).mean);
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
      [`${path('more')}: left out, because ${truth} has no truth for them: c, d, e and 1 more`],
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
      const { comparison, comparedWith } = await scores(ours, t, '--compare', theirs);
      expect(comparedWith).toEqual({
        folder: theirs,
        alternative: 'greater',
        confidence: 0.95,
        resamples: 10_000,
        seed: 0,
      });
      expect(Object.keys(comparison ?? {})).toEqual(['aji', 'dice', 'f1', 'pq']);
      for (const { difference, tTest, wilcoxon } of Object.values(comparison ?? {})) {
        // Differences d, d, 0: t = (2 d / 3) / (d / 3) = 2 with 2 degrees of freedom, p = 0.09175; four scores.
        expect(tTest).toMatchObject({ p: expect.closeTo(0.09175, 5), holm: expect.closeTo(4 * 0.09175, 4) });
        expect(wilcoxon).toMatchObject({ count: 2, p: 1 / 4, holm: 1 });
        // All three images are the equal one in 1 of 27 samples, more than 2.5 %; all others in 8 of 27.
        expect([difference.low, difference.high]).toEqual([0, expect.closeTo(1.5 * difference.mean!, 12)]);
      }
      const { out } = await pffnet('evaluate', '--pred', ours, '--truth', t, '--compare', theirs);
      expect(out).toMatch(/^f1 +1\.0000 +0\.7778 +\+0\.2222 +\+0\.0000 to \+0\.3333 +0\.0918 +0\.367 +0\.250 +1\.00$/m);
      expect(out).toContain(`pred: ${ours}; compare: ${theirs}\n`);
    });

    test('of other scores, and of each group', async () => {
      writeFileSync(path('groups.csv'), 'name,organ\na,liver\nb,liver\nc,colon\n');
      const maps = { 'a.png': two, 'b.png': two, 'c.png': two };
      const [t, theirs] = [await folder('t4', maps), await folder('theirs4', { ...maps, 'a.png': one, 'b.png': none })];
      const more = ['--compare', theirs, '--scores', 'sbd,pq', '--split', path('groups.csv'), '--group', 'organ'];
      const { groups, images } = await scores(t, t, ...more);
      expect(images.map(({ group }) => group)).toEqual(['liver', 'liver', 'colon']);
      expect(Object.keys(groups ?? {})).toEqual(['colon', 'liver']);
      expect(groups?.['liver']).toMatchObject({ imageCount: 2, pooled: { truthCount: 4 } });
      expect(Object.keys(groups?.['liver']?.comparison ?? {})).toEqual(['sbd', 'pq']);
      expect(groups?.['colon']?.comparison?.['pq']).toMatchObject({ count: 1, difference: { mean: 0 } });
    });

    test('with itself is undefined', async () => {
      const { comparison } = await scores(pred, truth, '--compare', pred);
      for (const { tTest, wilcoxon, difference } of Object.values(comparison ?? {})) {
        expect([tTest.p, tTest.holm, wilcoxon.p, difference]).toEqual([null, null, null, { mean: 0, low: 0, high: 0 }]);
      }
    });
  });

  describe('groups', () => {
    const table = 'name,part\na,seen\nb,unseen\nc,train\n';

    test('are summarised each on its own, and written beside each image', async () => {
      writeFileSync(path('parts.csv'), table);
      const more = ['--split', path('parts.csv'), '--group', 'part'];
      const { mean, groups } = await scores(pred, truth, ...more);
      expect(Object.keys(groups ?? {})).toEqual(['seen', 'unseen']);
      expect([mean['f1'], groups?.['seen']?.mean['f1'], groups?.['unseen']?.mean['f1']]).toEqual([
        expect.closeTo(5 / 6, 12),
        1,
        2 / 3,
      ]);
      const { out } = await pffnet('evaluate', '--pred', pred, '--truth', truth, ...more, '--csv', path('g.csv'));
      expect(out.match(/^\S+: 1 image$|^all: 2 images$/gm)).toEqual([
        'all: 2 images',
        'seen: 1 image',
        'unseen: 1 image',
      ]);
      const lines = readFileSync(path('g.csv'), 'utf8').split('\n');
      expect(lines.map((line) => line.split(',').slice(0, 3))).toEqual([
        ['name', 'group', 'truthCount'],
        ['a', 'seen', '2'],
        ['b', 'unseen', '2'],
        [''],
      ]);
    });

    test('--only leaves out images of other groups, their predictions too', async () => {
      writeFileSync(path('parts.csv'), table);
      const three = await folder('three', { 'a.png': two, 'b.png': two, 'c.png': two });
      const more = ['--split', path('parts.csv'), '--only', 'seen', 'unseen', '--group', 'part'];
      const { images, groups } = await scores(pred, three, ...more);
      expect([images.map(({ name }) => name), Object.keys(groups ?? {})]).toEqual([
        ['a', 'b'],
        ['seen', 'unseen'],
      ]);
    });

    test.each([
      [
        'an image without one',
        ['--group', 'part'],
        / lacks 1 of the 3 images: d; add their lines, or choose images with --only/,
      ],
      ['a value that is not there', ['--only', 'sen'], /--only sen: .*expected some of seen, train, /],
    ])('refuses %s', async (_, options, message) => {
      writeFileSync(path('parts.csv'), table);
      const four = await folder('four', { 'a.png': two, 'b.png': two, 'd.png': two });
      const call = ['--pred', four, '--truth', four, '--split', path('parts.csv'), ...options];
      expect(await refusal('evaluate', ...call)).toEqual([2, expect.stringMatching(message)]);
    });
  });

  test('the parts of a split alone are groups; options without a split are refused', async () => {
    writeFileSync(path('two.csv'), 'name,part\na,seen\nb,unseen\n');
    expect(Object.keys((await scores(pred, truth, '--split', path('two.csv'))).groups ?? {})).toEqual([
      'seen',
      'unseen',
    ]);
    expect(await refusal('evaluate', '--pred', pred, '--truth', truth, '--only', 'test')).toEqual([
      2,
      expect.stringMatching(/--column, --only and --group need --split: /),
    ]);
  });

  test('a shipped split chooses the test images and groups them by organ', async () => {
    const organs = { 'TCGA-21-5784-01Z-00-DX1.png': two, 'TCGA-AY-A8YK-01A-01-TS1.png': two };
    const maps = { ...organs, 'TCGA-18-5592-01Z-00-DX1.png': none };
    const [t, p] = [await folder('kumar-truth', maps), await folder('kumar-pred', organs)];
    const { groups } = await scores(p, t, '--split', 'kumar', '--only', 'test', '--group', 'group');
    expect(Object.entries(groups ?? {}).map(([name, { imageCount }]) => [name, imageCount])).toEqual([
      ['seen', 1],
      ['unseen', 1],
    ]);
  });

  test('a split by position takes the images in the order of their names', async () => {
    const names = Array.from({ length: 128 }, (_, index) => `plant${String(index + 1).padStart(3, '0')}.png`);
    const all = await folder('leaves', Object.fromEntries(names.map((name) => [name, one])));
    const fold = await folder('fold', { 'plant002.png': one, 'plant005.png': two });
    const { groups, images } = await scores(all, all, '--split', 'cvppp', '--column', 'part');
    expect(images.slice(0, 5).map(({ group }) => group)).toEqual(['train', 'train', 'train', 'train', 'validation']);
    expect(Object.values(groups ?? {}).map(({ imageCount }) => imageCount)).toEqual([100, 28]);
    // Elsewhere the order would say something else.
    expect(await refusal('evaluate', '--pred', fold, '--truth', fold, '--split', 'cvppp')).toEqual([
      2,
      expect.stringMatching(
        /the split cvppp divides 128 images by their order, but the data set has 2; expected the complete/,
      ),
    ]);
  });

  describe('--pred-suffix', () => {
    const maps = { 'a_cp_masks.png': two, 'b_cp_masks.png': one, 'b_flows.png': none };

    test('pairs names that another tool made longer', async () => {
      const cellpose = await folder('cellpose', maps);
      expect((await scores(cellpose, truth, '--pred-suffix', '_cp_masks')).mean).toEqual(
        (await scores(pred, truth)).mean,
      );
    });

    test('is named where it would help, and where it finds nothing', async () => {
      const call = ['evaluate', '--pred', await folder('cellpose', maps), '--truth', truth];
      expect(await refusal(...call)).toEqual([
        2,
        expect.stringMatching(/: a, b; all are there with _cp_masks behind their names: give --pred-suffix=_cp_masks$/),
      ]);
      expect(await refusal(...call, '--pred-suffix', '_mask')).toEqual([
        2,
        expect.stringMatching(/holds no label map whose name ends in _mask; found a_cp_masks, b_cp_masks, b_flows; /),
      ]);
    });
  });

  describe('--html', () => {
    /** Pictures that the page holds, and everything that it would have to fetch. */
    const parts = (html: string): { pictures: string[]; links: string[]; text: string } => {
      const { document } = parseHTML(html);
      const sources = [...document.querySelectorAll('img')].map((image) => image.getAttribute('src') ?? '');
      return {
        pictures: sources.filter((source) => source.startsWith('data:image/')),
        links: [
          ...sources.filter((source) => !source.startsWith('data:')),
          ...[...document.querySelectorAll('link, script, [href]')].map(String),
        ],
        text: document.body.textContent,
      };
    };

    test('writes one page that needs no other file, with the worst image first', async () => {
      const call = ['--pred', pred, '--truth', truth, '--html', path('page.html')];
      expect((await pffnet('evaluate', ...call)).code).toBe(0);
      const { pictures, links, text } = parts(readFileSync(path('page.html'), 'utf8'));
      expect([pictures.length, links]).toEqual([2, []]);
      expect(text).toMatch(/AJI\s+0\.722,/); // (1 + 4 / 9) / 2
      expect(text.indexOf('b: AJI 0.444, PQ 0.533; 1 of 2 found, 1 missed, 0 false')).toBeGreaterThan(0);
      expect(text.indexOf('a: AJI 1.000')).toBeGreaterThan(text.indexOf('b: AJI 0.444'));
    });

    test('draws over the images where they are given, as many as asked for', async () => {
      mkdirSync(path('photos'), { recursive: true });
      const photo = { height: 4, width: 6, data: new Float32Array(4 * 6 * 3).fill(90) };
      for (const name of ['a', 'b']) await writeImage(path('photos', `${name}.png`), photo);
      const call = ['--pred', pred, '--truth', truth, '--html', path('over.html'), '--images', path('photos')];
      expect((await pffnet('evaluate', ...call, '--worst', '1', '--compare', truth)).code).toBe(0);
      const { pictures, text } = parts(readFileSync(path('over.html'), 'utf8'));
      expect(pictures.map((source) => source.slice(0, 16))).toEqual(['data:image/webp;', 'data:image/png;b']);
      expect(text).toContain('Comparison');
    });

    test('works without any object, and refuses images that do not fit', async () => {
      const empty = await folder('void', { 'a.png': none });
      const call = ['--pred', empty, '--truth', empty, '--html', path('void.html')];
      expect((await pffnet('evaluate', ...call)).code).toBe(0);
      expect(parts(readFileSync(path('void.html'), 'utf8')).pictures).toEqual([]);
      mkdirSync(path('few'), { recursive: true });
      await writeImage(path('few', 'b.png'), { height: 1, width: 1, data: new Float32Array(3) });
      const other = ['evaluate', '--pred', pred, '--truth', truth, '--images', path('few')];
      expect(await refusal(...other)).toEqual([2, expect.stringMatching(/--images is for the pictures of --html/)]);
      expect(await refusal(...other, '--html', path('x.html'))).toEqual([
        2,
        expect.stringMatching(/few lacks 1 of the 2 images: a; /),
      ]);
    });
  });

  describe('refuses, in one line,', () => {
    const call = (...args: string[]): Promise<[code: number, ...said: string[]]> => refusal('evaluate', ...args);

    test('missing predictions, naming them', async () => {
      const maps = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.png`, two]));
      const five = await folder('five', maps);
      const lone = await folder('lone', { 'a.png': two });
      const line = `pffnet: ${lone} lacks 4 of the 5 label maps of ${five}: b, c, d and 1 more; predict them, or leave the others out with --split and --only`;
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
      expect((await call('--pred', pred, '--truth', path('empty')))[1]).toMatch(/empty holds no label map; expected/);
    });

    test('a zip file, and a link that leads to itself', async () => {
      writeFileSync(path('all.zip'), 'PK');
      expect(await call('--pred', path('all.zip'), '--truth', truth)).toEqual([
        2,
        `pffnet: ${path('all.zip')} is a zip file; expected a folder; unpack it and give the folder`,
      ]);
      symlinkSync(path('loop'), path('loop'));
      expect((await call('--pred', path('loop'), '--truth', truth))[1]).toMatch(/loop is a symbolic link to itself; /);
      const looped = await folder('looped', { 'a.png': two });
      symlinkSync(path('looped', 'b.png'), path('looped', 'b.png'));
      const [code, line, ...more] = await call('--pred', looped, '--truth', truth);
      expect([code, more]).toEqual([2, []]);
      expect(line).toMatch(/b\.png/);
    });

    test('two label maps of one name', async () => {
      const twice = await folder('twice', { 'a.png': two, 'b.png': two, 'a.tif': two });
      expect((await call('--pred', twice, '--truth', truth))[1]).toMatch(/a\.png and .*a\.tif have the same name; /);
    });

    test('a score that is none', async () => {
      const [code, line] = await call('--pred', pred, '--truth', truth, '--compare', pred, '--scores', 'aji,iou');
      expect([code, line]).toEqual([
        2,
        expect.stringMatching(/There is no score 'iou' that can be compared; expected aji, /),
      ]);
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
