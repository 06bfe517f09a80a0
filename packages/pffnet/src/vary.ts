import { mergeConfig, parseConfig } from '@pffnet/network';
import { type ConfigPatch, configSchema, type PffnetConfig } from './config.ts';

/**
 * A config with some keys changed. Objects are merged key by key; one that is given another `kind` keeps the keys that
 * both kinds have, so that an exchanged module is as wide and reads its inputs in the same way as the one before; arrays
 * and everything else are replaced.
 * @throws ConfigError if the patch leaves out what another kind needs, or a value is out of range.
 */
export function vary(base: PffnetConfig, patch: ConfigPatch): PffnetConfig {
  return parseConfig(configSchema, mergeConfig(base, patch, configSchema), 'vary');
}
