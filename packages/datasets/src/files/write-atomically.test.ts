import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/structures';
import { refusal } from '../../test/refusal.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { type Content, writeAtomically } from './write-atomically.ts';
import { WriteError } from './write-error.ts';

const { path, make } = temporaryFolder();
const bytes = Buffer.from('new content');

/** A disk that takes half of the bytes and then fails. */
const failingAs =
  (code: string) =>
  async (file: string, all: Content): Promise<void> => {
    await writeFile(file, (all as Uint8Array).subarray(0, bytes.length / 2));
    throw Object.assign(new Error(`${code}: it failed, write`), { code });
  };

describe('writeAtomically', () => {
  test('replaces what was there and leaves nothing else behind', async () => {
    const folder = make('replace');
    writeFileSync(path('replace', 'a'), 'something longer than the new content');
    await writeAtomically(path('replace', 'a'), bytes);
    await writeAtomically(path('replace', 'empty'), new Uint8Array(0));
    expect(readFileSync(path('replace', 'a'), 'utf8')).toBe('new content');
    expect(readdirSync(folder)).toEqual(['a', 'empty']);
  });

  test('writes text as UTF-8', async () => {
    make('text');
    await writeAtomically(path('text', 'a'), 'Größe: 3 µm\n');
    expect(readFileSync(path('text', 'a'), 'utf8')).toBe('Größe: 3 µm\n');
  });

  test('writes parts one after the other, and nothing if one cannot be made', async () => {
    const folder = make('parts');
    const parts = async function* (last: () => string): AsyncGenerator<string | Uint8Array> {
      yield 'one, ';
      yield Buffer.from('two, ');
      yield last();
    };
    await writeAtomically(
      path('parts', 'a'),
      parts(() => 'three'),
    );
    const broken = writeAtomically(
      path('parts', 'a'),
      parts(() => {
        throw new DataError('no third part');
      }),
    );
    await expect(broken).rejects.toThrow(new DataError('no third part'));
    expect(readFileSync(path('parts', 'a'), 'utf8')).toBe('one, two, three');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test.each([
    [
      'ENOSPC',
      WriteError,
      (file: string) =>
        `cannot write ${file}: the disk is full; what was saved before is unchanged; free some space and run again`,
    ],
    [
      'EDQUOT',
      WriteError,
      (file: string) =>
        `cannot write ${file}: the disk is full; what was saved before is unchanged; free some space and run again`,
    ],
    [
      'EIO',
      WriteError,
      (file: string) => `cannot write ${file}: EIO: it failed, write; what was saved before is unchanged`,
    ],
    [
      'EACCES',
      DataError,
      (file: string) =>
        `cannot write ${file}: the folder ${path('EACCES')} may not be written; change its permissions or choose another folder`,
    ],
    [
      'EROFS',
      DataError,
      (file: string) =>
        `cannot write ${file}: the folder ${path('EROFS')} may not be written; change its permissions or choose another folder`,
    ],
  ])('keeps the old file when writing ends with %s', async (code, kind, message) => {
    const folder = make(code);
    const file = path(code, 'a');
    writeFileSync(file, 'old');
    const failure = await writeAtomically(file, bytes, failingAs(code)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect((failure as Error).message).toBe(message(file));
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('names a missing folder', async () => {
    const file = path('nowhere', 'a.png');
    expect(await refusal(() => writeAtomically(file, bytes))).toEqual([
      DataError,
      `cannot write ${file}: there is no folder ${path('nowhere')}; create it first`,
    ]);
  });

  test('says that a folder has the name', async () => {
    make('taken', 'a.png');
    const file = path('taken', 'a.png');
    expect(await refusal(() => writeAtomically(file, bytes))).toEqual([
      DataError,
      `cannot write ${file}: a folder has this name; choose another name`,
    ]);
    expect(readdirSync(path('taken'))).toEqual(['a.png']);
  });
});
