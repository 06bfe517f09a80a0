import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { DataError, ShapeError } from '@pffnet/structures';
import { writeAtomically } from './write-atomically.ts';
import { WriteError } from './write-error.ts';
import { writeFolderAtomically } from './write-folder-atomically.ts';

const root = mkdtempSync(join(tmpdir(), 'pffnet-folder-'));
const path = (name: string): string => join(root, name);
const nothing = (): Promise<void> => Promise.resolve();

afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('writeFolderAtomically', () => {
  test('gives what filling gave, and a folder like any other', async () => {
    mkdirSync(path('usual'));
    const filled = await writeFolderAtomically(path('new'), async (temporary) => {
      await writeAtomically(join(temporary, 'a'), Uint8Array.of(1));
      return 7;
    });
    expect([filled, readdirSync(path('new'))]).toEqual([7, ['a']]);
    expect(statSync(path('new')).mode).toBe(statSync(path('usual')).mode);
    expect(readdirSync(root).sort()).toEqual(['new', 'usual']);
  });

  test('overwrites nothing, not even what came while it was filled', async () => {
    writeFileSync(path('taken'), 'mine');
    const line = `${path('taken')} exists already and is not overwritten; remove it or choose another name`;
    await expect(writeFolderAtomically(path('taken'), nothing)).rejects.toThrow(new DataError(line));
    const late = writeFolderAtomically(path('late'), () => {
      mkdirSync(path('late'));
      return Promise.resolve();
    });
    await expect(late).rejects.toThrow(/late exists already/);
    expect(readdirSync(root).sort()).toEqual(['late', 'new', 'taken', 'usual']);
  });

  test('leaves nothing behind when filling fails', async () => {
    const fail = (error: Error) => async (temporary: string) => {
      await writeAtomically(join(temporary, 'half'), Uint8Array.of(1));
      throw error;
    };
    await expect(writeFolderAtomically(path('broken'), fail(new ShapeError('no')))).rejects.toThrow(
      new ShapeError('no'),
    );
    const full = Object.assign(new Error('ENOSPC: no space left on device, mkdir'), { code: 'ENOSPC' });
    await expect(writeFolderAtomically(path('broken'), fail(full))).rejects.toThrow(WriteError);
    expect(existsSync(path('broken'))).toBe(false);
    expect(readdirSync(root).sort()).toEqual(['late', 'new', 'taken', 'usual']);
  });

  test('names the place of a file that could not be written, not the temporary one', async () => {
    const fill = (temporary: string) => writeAtomically(join(temporary, 'no', 'a.png'), Uint8Array.of(1));
    await expect(writeFolderAtomically(path('place'), fill)).rejects.toThrow(
      `cannot write ${path('place/no/a.png')}: there is no folder ${path('place/no')}; create it first`,
    );
  });

  test('says that the folder above is missing', async () => {
    await expect(writeFolderAtomically(path('no/where'), nothing)).rejects.toThrow(
      `cannot write ${path('no/where')}: there is no folder ${path('no')}; create it first`,
    );
  });
});
