import { ConfigError, expectationOf, valueAt } from '@pffnet/structures';
import { closest } from 'fastest-levenshtein';
import type * as z from 'zod';
import { keysOf, schemaOf } from './config-keys.ts';

/**
 * Checks that a value is a whole config of some shape.
 * @param schema - of the configs of a family.
 * @param source - where it came from, for messages: a file or option.
 * @throws ConfigError naming the first wrong key, what was expected, and for an unknown key the nearest known one.
 */
export function parseConfig<Config>(schema: z.ZodType<Config>, value: unknown, source: string): Config {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigError(`${source}: ${describeIssue(schema, result.error.issues[0], value)}`);
}

function describeIssue(schema: unknown, issue: z.core.$ZodIssue, value: unknown): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = [path, issue.keys[0]].filter((part) => part !== '').join('.');
    const known = knownKeys(schema, issue.path, value);
    const hint = known.length > 0 ? `; did you mean ${closest(issue.keys[0], known)}?` : '';
    return `there is no key ${key}${hint}`;
  }
  const found = valueAt(value, issue.path);
  const { values, options } = issue as { values?: readonly unknown[]; options?: readonly unknown[] };
  const allowed = [...(values ?? options ?? [])].filter((name) => typeof name === 'string');
  const hint = typeof found === 'string' && allowed.length > 0 ? `; did you mean ${closest(found, allowed)}?` : '';
  const shown = found === undefined ? 'missing' : JSON.stringify(found);
  return `${path === '' ? 'the config' : path} is ${shown}; ${expectationOf(issue)}${hint}`;
}

/** The keys that the schema knows at a path, for the kinds that the value names. */
function knownKeys(schema: unknown, path: readonly PropertyKey[], value: unknown): string[] {
  let part = schema;
  let at: unknown = value;
  for (const key of path) {
    part = schemaOf(part, at, key);
    at = (at as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  return keysOf(part, at);
}
