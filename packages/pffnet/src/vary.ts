import type { ConfigPatch, PffnetConfig } from './config.ts';

/**
 * A config with some keys changed. Objects are merged key by key, except that a patch which names another `kind`
 * replaces the object whole; arrays and everything else are replaced.
 */
export function vary(base: PffnetConfig, patch: ConfigPatch): PffnetConfig {
  return merge(base, patch) as PffnetConfig;
}

/** {@link vary} on plain JSON, for patches whose keys have not been checked yet. */
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
