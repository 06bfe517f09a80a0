import { beforeAll, describe, expect, test } from '@jest/globals';
import { readImage } from '@pffnet/datasets';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeCells } from './write-data.ts';

const path = temporaryFolder();
const cells = path('cells');

beforeAll(async () => {
  await writeCells(cells, { count: 3 });
});

const preview = (...args: string[]): ReturnType<typeof pffnet> => pffnet('data', 'preview', cells, ...args);

describe('data preview', () => {
  test('puts every image on a sheet and says which is where', async () => {
    const { code, out, said } = await preview('--out', path('sheet.png'), '--columns', '2');
    expect([code, out, said]).toEqual([
      0,
      '',
      ['row 1: synthetic_000, synthetic_001', 'row 2: synthetic_002', `3 pictures of 3 images in ${path('sheet.png')}`],
    ]);
    // Two of 64 pixels and three gaps of 6.
    expect(await readImage(path('sheet.png'))).toMatchObject({ height: 146, width: 146 });
  });

  test('--augmented shows the patches of the first iterations, the same for the same seed', async () => {
    const patches = (file: string, seed: string): ReturnType<typeof pffnet> =>
      preview('--augmented', '--set', 'training.patch.size=48', '--count', '5', '--seed', seed, '--out', path(file));
    const { code, said } = await patches('a.png', '3');
    expect([code, said.length]).toEqual([0, 3]);
    expect(said[0]).toMatch(/^row 1: (synthetic_00\d_y\d+_x\d+(, )?){4}$/);
    const first = await readImage(path('a.png'));
    expect(first).toMatchObject({ height: 2 * 48 + 18, width: 4 * 48 + 30 });
    await patches('b.png', '3');
    expect(await readImage(path('b.png'))).toEqual(first);
    await patches('c.png', '4');
    expect((await readImage(path('c.png'))).data).not.toEqual(first.data);
  });

  test('refuses a wrong config and a file that cannot be written, in one line', async () => {
    expect(await refusal('data', 'preview', cells, '--config', 'smal')).toEqual([2, expect.stringMatching(/smal/)]);
    expect(await refusal('data', 'preview', cells, '--out', path('no', 'sheet.png'))).toEqual([
      2,
      expect.stringMatching(/there is no folder .*no; create it first$/),
    ]);
  });
});
