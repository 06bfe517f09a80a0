import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { families } from '@pffnet/families';
import * as z from 'zod';
import { documentsWithTables } from './documents.mjs';
import { withOptionTables } from './option-tables.mjs';
import { optionsOf } from './options.mjs';

const nameOf = ({ pathname }) => pathname.split('/').slice(-3).join('/');
const documents = documentsWithTables().map((url) => [nameOf(url), readFileSync(url, 'utf8')]);

describe('the tables of options', () => {
  test('stand in the guide and in the READMEs of parts', () => {
    expect(documents.map(([name]) => name.split('/').slice(-2).join('/'))).toEqual([
      'docs/config.md',
      'how-to/ablate-by-hand.md',
      'backbone/README.md',
      'fusion/README.md',
      'instance-head/README.md',
      'semantic-head/README.md',
    ]);
  });

  test.each(documents)('of %s are what the schemas say; npm run docs:config writes them', (_, text) => {
    expect(withOptionTables(text)).toBe(text);
  });

  test('that are asked for and do not exist are named', () => {
    expect(() => withOptionTables('<!-- options: fusions -->\n<!-- /options -->')).toThrow(
      'no table "fusions"; there are',
    );
  });
});

test.each(families.map((family) => [family.kind, family]))('every option of %s has a meaning', (_, { schema }) => {
  const silent = optionsOf(schema).filter(({ meaning }) => meaning === '');
  expect(silent.map(({ key }) => key)).toEqual([]);
});

describe('optionsOf', () => {
  const size = z.int().min(1).describe('side, in pixels');
  const kinds = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }).describe('nothing'),
    z.strictObject({ kind: z.literal('box'), size }).describe('a box'),
    z.strictObject({ kind: z.literal('ring'), size, hole: z.number().min(0).max(1).default(0.5) }).describe('a ring'),
  ]);

  test('gives key, meaning, values, default and what the released code does', () => {
    const count = z.int().min(1).nullable().default(3).meta({ description: 'how many; null for all', released: 4 });
    const facts = { meaning: 'how many; null for all', default: 3, released: 4, nullable: true, of: [] };
    expect(optionsOf(z.strictObject({ count }))).toEqual([
      { key: 'count', values: 'whole number from 1, or `null`', ...facts },
    ]);
  });

  test('gives an option of several kinds once, and says of which kinds it is where others lack it', () => {
    const options = optionsOf(z.strictObject({ shape: kinds.describe('what is drawn') }));
    expect(options.map(({ key, values, of }) => [key, values, of])).toEqual([
      ['shape.kind', '`none`: nothing<br>`box`: a box<br>`ring`: a ring', []],
      ['shape.size', 'whole number from 1', []],
      ['shape.hole', '0 to 1', [{ key: 'shape.kind', kinds: ['ring'] }]],
    ]);
  });

  test('begins the meaning of options with that of the object they are in, below a section', () => {
    const train = z.strictObject({ size }).describe('in training');
    const section = z.strictObject({ train }).describe('a heading');
    expect(optionsOf(z.strictObject({ section }))[0].meaning).toBe('in training: side, in pixels');
  });

  test.each([
    [z.enum(['a', 'b']), '`a`, `b`'],
    [z.literal([18, 34]), '`18`, `34`'],
    [z.boolean(), '`true`, `false`'],
    [z.number().positive(), 'number above 0'],
    [z.int().min(1).max(6), 'whole number from 1 to 6'],
    [z.array(z.int().min(1)).length(5), 'list of 5: whole number from 1'],
    [z.tuple([z.number(), z.number()]), 'list of 2: number'],
    [z.union([z.int().min(1), z.string()]), 'whole number from 1, or text'],
  ])('says in words what a value may be (%#)', (schema, words) => {
    expect(optionsOf(schema, 'key')[0].values).toBe(words);
  });
});
