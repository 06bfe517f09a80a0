import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type * as z from 'zod';
import { configSchema } from './config.ts';
import { presets } from './presets/index.ts';

const document = readFileSync(new URL('../../../docs/config.md', import.meta.url), 'utf8');

/** The rows of the tables of keys: meaning, values, and what the presets say. */
const rows = new Map(
  [...document.matchAll(/^\| `([a-zA-Z0-9.]+)` \| (.*) \|$/gm)]
    .map(([, key, rest]) => [key!, rest!.split(' | ')] as const)
    .filter(([, cells]) => cells.length === 5),
);

/** What zod tells of a schema beyond its type. */
interface Inside {
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly unwrap?: () => z.ZodType;
  readonly values?: ReadonlySet<unknown>;
}

/** Every key of a schema that holds no other keys, of unions those of all members. */
function leavesOf(schema: z.ZodType, path = ''): [string, z.ZodType][] {
  const { shape, options, unwrap } = schema as Inside;
  if (shape !== undefined) {
    return Object.entries(shape).flatMap(([key, part]) => leavesOf(part, path === '' ? key : `${path}.${key}`));
  }
  if (schema.type === 'default') return leavesOf(unwrap!.call(schema), path);
  if (schema.type === 'union' && options!.every((option) => (option as Inside).shape !== undefined)) {
    return options!.flatMap((option) => leavesOf(option, path));
  }
  return [[path, schema]];
}

const leaves = leavesOf(configSchema);
const keys = [...new Set(leaves.map(([key]) => key))];

/** The names that a key's values have in the schema. */
function namesOf(key: string): string[] {
  return leaves
    .filter(([path]) => path === key)
    .flatMap(([, schema]) => {
      const { values, options } = schema as Inside;
      if (values !== undefined) return [...values];
      return Array.isArray(options) ? options : [];
    })
    .filter((value) => typeof value === 'string');
}

describe('docs/config.md', () => {
  test('has a row for every key, and for nothing else', () => {
    expect([...rows.keys()].sort()).toEqual([...keys].sort());
  });

  test.each(keys.filter((key) => namesOf(key).length > 0))('names every value of %s', (key) => {
    const [meaning, values] = rows.get(key) ?? ['', ''];
    for (const name of namesOf(key)) expect(`${meaning} ${values}`).toContain(`\`${name}\``);
  });

  test('shows what the presets have', () => {
    const valueAt = (config: unknown, key: string): unknown =>
      key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], config);
    const text = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));
    const wrong = keys.flatMap((key) =>
      (['paper', 'small', 'smoke'] as const).flatMap((name, column) => {
        const [shown, has] = [rows.get(key)?.[2 + column] ?? '', valueAt(presets[name], key)];
        const number = /^(\d+)\/(\d+)$/.exec(shown);
        const same = number === null ? shown : String(Number(number[1]) / Number(number[2]));
        return has === undefined || same === text(has) ? [] : [[key, name, shown, text(has)]];
      }),
    );
    expect(wrong).toEqual([]);
  });
});
