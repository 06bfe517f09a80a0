import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { platform } from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeModel } from '@pffnet/pffnet';
import { pffnet } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';
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

// `best` of `smoke` has 14 MiB and `last` 29; while one is replaced, old and new are there.
const obstacle = mount(100);
const onSmallDisk = obstacle === null ? test : test.skip;

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

  onSmallDisk('while predicting: one line, exit code 1, and no half a file', async () => {
    await writeUntrained(path('model.safetensors'));
    // All but a few thousand bytes: less than a picture.
    let size = 128 * 2 ** 20;
    for (let part = 0; size > 4096; part++) {
      try {
        writeFileSync(path('disk', `part${part}`), Buffer.alloc(size));
      } catch {
        rmSync(path('disk', `part${part}`));
        size /= 2;
      }
    }
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
