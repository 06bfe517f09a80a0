import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platform } from 'node:process';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { decodeModel } from '@pffnet/pffnet';
import { pffnet } from './run-pffnet.ts';
import { compilePffnet, spawnPffnet } from './spawn-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { ownDataset, tinyMatrix, writeOwnDataset } from './tiny-matrix.ts';
import { tiny } from './tiny.ts';
import { writeUntrained } from './untrained.ts';
import { writeCells } from './write-data.ts';

// Before the folder around it is removed.
afterAll(() => {
  if (obstacle === null) execFileSync('umount', [disk]);
});

const path = temporaryFolder();
const disk = path('disk');

/** Mounts a disk of a given size, or says why that cannot be done here. */
function mount(mebibytes: number): string | null {
  mkdirSync(disk, { recursive: true });
  if (platform !== 'linux') return 'no tmpfs on this system';
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', disk], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return `mount needs root: ${(error as Error).message.split('\n').at(1) ?? ''}`;
  }
}

const partsOf = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith('part'));

/** Leaves no page of the disk. */
function fill(): void {
  let size = 128 * 2 ** 20;
  for (let part = 0; size >= 4096; part++) {
    try {
      writeFileSync(path('disk', `part${part}`), Buffer.alloc(size));
    } catch {
      rmSync(path('disk', `part${part}`));
      size /= 2;
    }
  }
}

const empty = (): void => {
  for (const part of partsOf(disk)) rmSync(join(disk, part));
};

/** Where a line begins, and the name of the file that it names. */
const fullLine = (start: string, file: string): RegExp =>
  new RegExp(`^${start}cannot write \\S*/${file}: the disk is full; .*; free some space and run again`, 'm');

// `best` of `smoke` has 14 MiB and `last` 29; while one is replaced, old and new are there.
const obstacle = mount(100);
const onSmallDisk = obstacle === null ? test : test.skip;

// Runs of a matrix are processes that load an engine each.
jest.setTimeout(300_000);

beforeAll(async () => {
  await writeCells(path('cells'), { count: 2 });
});

describe(obstacle === null ? 'a full disk' : `a full disk (skipped: ${obstacle})`, () => {
  const filling = path('disk', 'filling');

  onSmallDisk(
    'while training: one line, exit code 1, and the last checkpoint is whole; with room it goes on',
    async () => {
      const call = ['train', ...tiny(), '--data', path('cells'), '--validation', '0', '--out', path('disk', 'run')];
      writeFileSync(filling, Buffer.alloc(36 * 2 ** 20));
      const { code, said } = await pffnet(...call, '--set', 'training.validateEvery=1');
      const last = path('disk', 'run', 'checkpoints', 'last.safetensors');
      expect([code, said.at(-1)]).toEqual([
        1,
        expect.stringMatching(
          /^pffnet: cannot write .*disk is full; what was saved before is unchanged; free some space and run again$/,
        ),
      ]);
      const kept = decodeModel(readFileSync(last), last);
      kept.scope.dispose();
      rmSync(filling);
      expect((await pffnet(...call, '--set', 'training.validateEvery=1', '--resume')).code).toBe(0);
      rmSync(path('disk', 'run'), { recursive: true });
    },
  );

  onSmallDisk(
    'in the midst of a matrix: one line that names the file; with room the same command ends it',
    async () => {
      compilePffnet();
      writeFileSync(path('one.json'), JSON.stringify({ ...tinyMatrix, datasets: [ownDataset('mine')] }));
      await writeOwnDataset(path('data', 'mine'));
      const settings = ['training.iterations=2', 'training.validateEvery=1'].flatMap((setting) => ['--set', setting]);
      const places = ['--data', path('data'), '--out', path('disk', 'runs')];
      const ablate = ['ablate', '--matrix', path('one.json'), ...places, '--backend', 'wasm', ...settings];
      const folder = path('disk', 'runs', 'mine/pffnet/seed-0');
      // Not even a lock can be written, nor why the run failed; then all but the second checkpoint.
      fill();
      const full = await spawnPffnet(ablate).ended;
      expect([full.code, full.said]).toEqual([1, expect.stringMatching(fullLine('mine/pffnet/seed-0: ', 'run.lock'))]);
      empty();
      writeFileSync(filling, Buffer.alloc(36 * 2 ** 20));
      const late = await spawnPffnet(ablate).ended;
      const failed = fullLine('mine/pffnet/seed-0: failed at step 2 of 2: ', 'checkpoints/(last|best)\\.safetensors');
      expect([late.code, late.said]).toEqual([1, expect.stringMatching(failed)]);
      expect(existsSync(join(folder, 'checkpoints', 'last.safetensors'))).toBe(true);
      rmSync(filling);
      const { code, said } = await spawnPffnet(ablate).ended;
      expect([code, said]).toEqual([0, expect.stringContaining('1 of 1 run finished')]);
      expect(existsSync(join(folder, 'failure.txt'))).toBe(false);
      rmSync(path('disk', 'runs'), { recursive: true });
    },
  );

  onSmallDisk('while predicting: one line, exit code 1, and no half a file', async () => {
    await writeUntrained(path('model.safetensors'));
    fill();
    const call = ['--model', path('model.safetensors'), '--out', path('disk', 'out'), path('cells', 'images')];
    const { code, said } = await pffnet('predict', ...call);
    expect([code, said.at(-1)]).toEqual([1, expect.stringMatching(/^pffnet: cannot write .*: the disk is full; /)]);
    expect(readdirSync(path('disk', 'out'))).toEqual([]);
  });

  onSmallDisk('while converting: one line, exit code 1, and no folder', async () => {
    const before = readdirSync(disk);
    const { code, said } = await pffnet('data', 'convert', path('cells'), path('disk', 'converted'));
    expect([code, said]).toEqual([1, [expect.stringMatching(/^pffnet: cannot write .*: the disk is full; /)]]);
    expect(readdirSync(disk)).toEqual(before);
  });
});

(platform === 'linux' ? test : test.skip)(
  'a log that has no room for what is said does not end a run (skipped: no /dev/full)',
  async () => {
    compilePffnet();
    const call = ['train', ...tiny(), '--data', path('cells'), '--validation', '0', '--out', path('unheard')];
    const nowhere = ['sh', '-c', 'exec "$@" 2>/dev/full', 'sh'];
    expect(await spawnPffnet(call, nowhere).ended).toEqual({ code: 0, signal: null, out: '', said: '' });
    expect(existsSync(path('unheard', 'checkpoints', 'last.safetensors'))).toBe(true);
  },
);
