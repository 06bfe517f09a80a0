import { type ConfigPatch, keysOf, schemaOf } from '@pffnet/network';
import type * as z from 'zod';
import { configSchema, type PffnetConfig } from './config.ts';
import { vary } from './vary.ts';

/** A way to read the points where the paper and the authors' released code differ. */
export type Fidelity = PffnetConfig['fidelity'];

/**
 * A config with every switch of a reading turned that its modules have. A switch is an option whose metadata say what is
 * `released`; the paper's reading is its default, as sources.md row 37 resolves it. The release has neither summation nor
 * plain attention: they are read like the fusions that they resemble.
 */
export function readAs(fidelity: Fidelity, config: PffnetConfig): PffnetConfig {
  return vary(config, { ...switchesOf(configSchema, config, fidelity), fidelity });
}

/** The switches below a part of the config, each turned as a reading says. */
function switchesOf(schema: unknown, value: unknown, fidelity: Fidelity): ConfigPatch {
  const turned = keysOf(schema, value).flatMap((key): [string, unknown][] => {
    const option = schemaOf(schema, value, key) as z.ZodType;
    const released = option.meta()?.['released'];
    if (released !== undefined) return [[key, fidelity === 'paper' ? option.parse(undefined) : released]];
    const inner = switchesOf(option, (value as Readonly<Record<string, unknown>>)[key], fidelity);
    return Object.keys(inner).length === 0 ? [] : [[key, inner]];
  });
  return Object.fromEntries(turned);
}
