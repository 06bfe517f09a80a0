import type { ConfigPatch, PffnetConfig } from './config.ts';
import { parseConfig } from './parse-config.ts';

/**
 * A config with some keys changed. Objects are merged key by key, except that a patch which names another `kind`
 * replaces the object whole and takes the defaults of that kind; arrays and everything else are replaced.
 * @throws ConfigError if the patch leaves out what another kind needs, or a value is out of range.
 */
export function vary(base: PffnetConfig, patch: ConfigPatch): PffnetConfig {
  return parseConfig(merge(base, patch), 'vary');
}

/** Merges like {@link vary} and checks nothing: for parts of a config. */
export function merge(base: unknown, patch: unknown): unknown {
  if (!isObject(base) || !isObject(patch)) return patch === undefined ? base : patch;
  if ('kind' in patch && patch['kind'] !== base['kind']) return patch;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) merged[key] = merge(base[key], value);
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
