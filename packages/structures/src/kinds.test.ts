import { describe, expect, test } from '@jest/globals';
import { ConfigError } from './errors.ts';
import { kindNamed, listed, nameOfKind, schemasOf } from './kinds.ts';

const plain = { schema: { shape: { kind: { value: 'sum' } } } };
const byDefault = { schema: { shape: { kind: { unwrap: () => ({ value: 'max' }) } } } };
const kinds = [plain, byDefault] as const;

describe('kinds', () => {
  test('are found by name, also by one that stands by default', () => {
    expect(kinds.map(nameOfKind)).toEqual(['sum', 'max']);
    expect(kindNamed(kinds, 'max', 'fusion.kind')).toBe(byDefault);
    expect(schemasOf(kinds)).toEqual([plain.schema, byDefault.schema]);
  });

  test('are all named where one is asked for that there is not', () => {
    expect(() => kindNamed(kinds, 'mean', 'fusion.kind')).toThrow(
      new ConfigError('fusion.kind: expected sum or max, got mean'),
    );
  });
});

test('listed puts "or" before the last of several names', () => {
  expect([[], ['a'], ['a', 'b'], [1, 2, 3]].map(listed)).toEqual(['', 'a', 'a or b', '1, 2 or 3']);
});
