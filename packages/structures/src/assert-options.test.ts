import { describe, expect, test } from '@jest/globals';
import { assertOptions, expectationOf } from './assert-options.ts';
import { ConfigError } from './errors.ts';

/** A schema that refuses everything with one issue, as zod words it. */
const refusing = (issue: { path: string[]; message: string }) => ({
  safeParse: () => ({ error: { issues: [issue] } }),
});

describe('assertOptions', () => {
  test('takes what the schema takes', () => {
    expect(() => assertOptions({ safeParse: () => ({}) }, { depth: 18 }, 'backbone')).not.toThrow();
  });

  test('names the option, what was expected and what was given', () => {
    const schema = refusing({ path: ['norm', 'groups'], message: 'Invalid input: expected int, received number' });
    expect(() => assertOptions(schema, { norm: { groups: 2.5 } }, 'backbone')).toThrow(
      new ConfigError('backbone.norm.groups: expected a whole number, got 2.5'),
    );
  });
});

describe('expectationOf', () => {
  const message = 'Too small: expected number to be >=1';
  test.each([
    [{ values: [18, 34, 50] }, 'expected 18, 34 or 50'],
    [{ options: ['gcn', 'jsis'] }, 'expected gcn or jsis'],
    [{ origin: 'number', minimum: 1, inclusive: true }, 'expected a number of at least 1'],
    [{ origin: 'number', minimum: 0, inclusive: false }, 'expected a number above 0'],
    [{ origin: 'number', maximum: 1, inclusive: true }, 'expected a number of at most 1'],
    [{ origin: 'number', maximum: 1, inclusive: false }, 'expected a number below 1'],
    [{ origin: 'array', minimum: 5, exact: true, inclusive: true }, 'expected 5 values'],
    [{ origin: 'array', minimum: 2, inclusive: true }, 'expected at least 2 values'],
    [{ origin: 'array', maximum: 2, inclusive: true }, 'expected at most 2 values'],
    [{ errors: [[{ path: [], message: 'Invalid input: expected number, received boolean' }], []] }, 'expected number'],
    [{}, message],
  ])('of %j is "%s"', (details, words) => {
    expect(expectationOf({ path: [], message, ...details })).toBe(words);
  });
});
