import { expect, test } from '@jest/globals';
import { pffnet, refusal } from './run-pffnet.ts';

const tinyBench = ['bench', 'smoke', '--steps', '1', '--set', 'training.patch.size=64'];

test('bench prints where the time of a step goes, images per second and memory', async () => {
  const { code, out, said } = await pffnet(...tinyBench);
  expect([code, said]).toEqual([
    0,
    [expect.stringMatching(/^smoke on .*: 1 step of one 64 x 64 patch, then a prediction$/)],
  ]);
  const [machine, units, empty, head, row] = out.split('\n');
  expect([machine, units, empty]).toEqual([
    expect.stringMatching(/^\d+ x .*; \S+ \(/),
    'median seconds of a training step; predicted images per second',
    '',
  ]);
  expect(head?.split(/ {2,}/)).toEqual([
    'preset',
    'patch',
    'forward',
    'backward',
    'update',
    'step',
    'images/s',
    'peak MiB',
  ]);
  expect(row?.split(/ +/)).toEqual([
    'smoke',
    '64',
    ...Array<unknown>(5).fill(expect.stringMatching(/^\d+\.\d\d$/)),
    expect.stringMatching(/^\d+$/),
  ]);
});

test('bench --json is alone on standard output', async () => {
  const { code, out } = await pffnet(...tinyBench, '--json');
  const rows = JSON.parse(out) as Record<string, number>[];
  expect([code, rows]).toEqual([
    0,
    [
      {
        preset: 'smoke',
        engine: expect.stringMatching(/^\S+ \(/),
        patch: 64,
        steps: 1,
        forward: expect.any(Number),
        backward: expect.any(Number),
        update: expect.any(Number),
        step: expect.any(Number),
        imagesPerSecond: expect.any(Number),
        peakMiB: expect.any(Number),
      },
    ],
  ]);
  const { forward, backward, update, step } = rows[0]!;
  expect(forward! + backward! + update!).toBeCloseTo(step!, 2);
});

test('bench clicks the synthetic objects for a network that is told where objects are', async () => {
  const { code, out } = await pffnet(...tinyBench, '--variant', 'nuclick', '--json');
  expect([code, JSON.parse(out)]).toMatchObject([0, [{ preset: 'smoke', imagesPerSecond: expect.any(Number) }]]);
});

test('bench refuses an unknown profile in one line', async () => {
  expect(await refusal('bench', 'smoke', '--profile', 'kuma')).toEqual([
    2,
    'pffnet: --profile: there is no profile kuma; did you mean kumar? (kumar, tnbc, bbbc039, cpm17, cvppp)',
  ]);
});

test('bench refuses a wrong setting in one line', async () => {
  expect(await refusal('bench', 'smoke', '--set', 'training.patch.siz=64')).toEqual([
    2,
    'pffnet: --set training.patch.siz=64: there is no key training.patch.siz; did you mean size?',
  ]);
});
