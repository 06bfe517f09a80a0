import { describe, expect, test } from '@jest/globals';
import { ConfigError, DataError, InputError, ShapeError } from './errors.ts';

describe('errors', () => {
  test.each([
    ['InputError', InputError, true],
    ['ConfigError', ConfigError, true],
    ['DataError', DataError, true],
    ['ShapeError', ShapeError, false],
  ] as const)('%s carries its name and message; a person can mend it: %s', (name, kind, isInput) => {
    const error = new kind('what, where, how to mend it');
    expect(String(error)).toBe(`${name}: what, where, how to mend it`);
    expect(error instanceof InputError).toBe(isInput);
  });

  test('a name with line breaks does not break the line of its message', () => {
    const error = new DataError('split.csv has no column fold; its columns are a\r\nb,\u0000\u2028c', { cause: 1 });
    expect(error.message).toBe('split.csv has no column fold; its columns are a b, c');
    expect(error.cause).toBe(1);
  });
});
