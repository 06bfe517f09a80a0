import { ConfigError } from '@pffnet/structures';
import { closest } from 'fastest-levenshtein';
import type * as z from 'zod';
import { configSchema, type PffnetConfig } from './config.ts';
import { keysOf, schemaOf } from './config-keys.ts';

/**
 * Checks that a value is a whole config.
 * @param source - where it came from, for messages: a file or option.
 * @throws ConfigError naming the first wrong key, what was expected, and for an unknown key the nearest known one.
 */
export function parseConfig(value: unknown, source: string): PffnetConfig {
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  throw new ConfigError(`${source}: ${describeIssue(result.error.issues[0], value)}`);
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = [path, issue.keys[0]].filter((part) => part !== '').join('.');
    const known = knownKeys(issue.path, value);
    const hint = known.length > 0 ? `; did you mean ${closest(issue.keys[0], known)}?` : '';
    return `there is no key ${key}${hint}`;
  }
  const found = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
  const expectation = issue.message.replace(/^Invalid (input|option): /, '').replace(/, received .*$/, '');
  return `${path === '' ? 'the config' : path} is ${found === undefined ? 'missing' : JSON.stringify(found)}; ${expectation}`;
}

/** The keys that the schema knows at a path, for the kinds that the value names. */
function knownKeys(path: readonly PropertyKey[], value: unknown): string[] {
  let schema: unknown = configSchema;
  let at: unknown = value;
  for (const key of path) {
    schema = schemaOf(schema, at, key);
    at = (at as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  return keysOf(schema, at);
}
