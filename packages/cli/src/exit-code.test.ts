import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { HeapLimitError } from '@pffnet/backends';
import { WriteError } from '@pffnet/datasets';
import { ConfigError, DataError, ShapeError } from '@pffnet/structures';
import { TrainingError } from '@pffnet/training';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { explain } from './exit-code.ts';

const path = temporaryFolder();

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('explain', () => {
  test.each([
    ['a wrong request', new ConfigError('a: b'), 2],
    ['wrong data', new DataError('a: b'), 2],
    ['training that cannot go on', new TrainingError('a: b'), 2],
    ['a full disk', new WriteError('a: b'), 1],
    ['an engine without room', new HeapLimitError('a: b'), 1],
    ['a mistake of ours', new ShapeError('a: b'), 1],
    ['anything else', 'a: b', 1],
  ])('%s', (_, error, code) => {
    expect(explain(error)).toEqual({ line: 'a: b', code });
  });

  test('keeps to one line', () => {
    expect(explain(new Error('first\nsecond')).line).toBe('first');
    expect(explain(new TypeError('')).line).toBe('TypeError');
  });

  test('says in words what the file system says in codes', () => {
    writeFileSync(path('file'), '');
    expect(explain(thrownBy(() => mkdirSync(path('file', 'below'))))).toEqual({
      line: `${path('file', 'below')}: a file is where a folder should be; choose another path`,
      code: 2,
    });
    expect(explain(thrownBy(() => mkdirSync(path('file'))))).toMatchObject({ code: 2 });
    expect(explain(thrownBy(() => readFileSync(path('none'))))).toEqual({
      line: `${path('none')}: there is no such file or folder; check the path`,
      code: 2,
    });
    expect(explain(thrownBy(() => writeFileSync(path(), '')))).toEqual({
      line: `${path()}: a folder is where a file should be; choose another path`,
      code: 2,
    });
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', path: 'x' });
    expect(explain(full)).toEqual({
      line: 'cannot write x: the disk is full; what was saved before is unchanged; free some space and run again',
      code: 1,
    });
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', path: 'x' });
    expect(explain(denied)).toEqual({ line: 'x: permission denied; choose a path that you may use', code: 2 });
  });
});
