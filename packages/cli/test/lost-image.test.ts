import { cpSync, existsSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { resultOf } from './result-of.ts';
import { compilePffnet, spawnPffnet, until } from './spawn-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { ownDataset, tinyMatrix, writeOwnDataset } from './tiny-matrix.ts';

const path = temporaryFolder();
const id = 'mine/pffnet/seed-0';
const other = 'other/pffnet/seed-0';

jest.setTimeout(300_000);

const ablate = (out: string): string[] => [
  ...['ablate', '--matrix', path('two.json'), '--data', path('data'), '--out', path(out), '--backend', 'wasm'],
];

let lost: string;
beforeAll(async () => {
  compilePffnet();
  lost = await writeOwnDataset(path('data', 'mine'));
  await writeOwnDataset(path('data', 'other'));
  cpSync(lost, path('copy.png'));
  writeFileSync(path('two.json'), JSON.stringify({ ...tinyMatrix, datasets: ['mine', 'other'].map(ownDataset) }));
  expect((await spawnPffnet([...ablate('undisturbed'), '--run', id]).ended).code).toBe(0);
}, 300_000);

describe('an image that is lost in the midst of a run', () => {
  test.each([
    {
      how: 'removed',
      lose: () => {
        renameSync(lost, `${lost}.away`);
      },
      line: () => `there is no file ${lost}; .*`,
    },
    {
      how: 'truncated',
      lose: () => {
        truncateSync(lost, 100);
      },
      line: () => `.*${lost}.*`,
    },
  ])('$how: that run fails and names it, the other goes on; put back, it ends with the same bits', async (loss) => {
    const spawned = spawnPffnet(ablate(loss.how));
    const log = path(loss.how, id, 'log.jsonl');
    await until(() => existsSync(log) && readFileSync(log, 'utf8').includes('\n'), spawned);
    loss.lose();
    const { code, said } = await spawned.ended;
    const failed = new RegExp(`^${id}: failed at step 6 of 6: ${loss.line()}; the end of .*output\\.log:$`, 'm');
    expect([code, said]).toEqual([1, expect.stringMatching(failed)]);
    expect(said).toMatch(new RegExp(`^${other}: finished`, 'm'));
    expect(said).toContain('1 of 2 runs finished');
    cpSync(path('copy.png'), lost);
    expect((await spawnPffnet(ablate(loss.how)).ended).code).toBe(0);
    expect(resultOf(path(loss.how, id))).toEqual(resultOf(path('undisturbed', id)));
  });
});
