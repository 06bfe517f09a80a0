import { ConfigError } from '@pffnet/tensor-ops/structures';
import { closest } from 'fastest-levenshtein';
import type { PffnetConfig } from './config.ts';
import { fidelities } from './fidelity.ts';
import { parseConfig } from './parse-config.ts';
import { presets } from './presets/index.ts';
import { profiles } from './profiles.ts';
import { merge } from './vary.ts';

/** What a person asked for. */
export interface ConfigRequest {
  /** A preset's name, or the content of a JSON file: keys of a config, and `extends` with the preset to begin from. */
  readonly base: string | Readonly<Record<string, unknown>>;
  /** Where `base` came from, for messages. */
  readonly source: string;
  readonly profile?: string;
  /** `a.b=value` settings; values are JSON where they can be read as such, else text. */
  readonly settings?: readonly string[];
}

/**
 * Builds the config of a run: preset, then profile, then fidelity, then the file's own keys, then the settings.
 * @throws ConfigError for an unknown preset, profile or key (naming the nearest) or a value of the wrong type.
 */
export function resolveConfig({ base, source, profile, settings = [] }: ConfigRequest): PffnetConfig {
  const { extends: name, ...own } = typeof base === 'string' ? { extends: base } : base;
  // A saved config names its preset and is whole already; anything else begins from one.
  const presetName = String(name ?? own['preset'] ?? 'paper');
  const preset = lookUp(presets, presetName, 'preset', source);
  const patches: unknown[] = [];
  if (profile !== undefined) {
    const { rules, scale } = lookUp(profiles, profile, 'profile', '--profile');
    patches.push(...(presetName === 'paper' ? [rules, scale] : [rules]));
  }
  patches.push(...switchesOf(own, source), own);
  const fromFile = parseConfig(patches.reduce(merge, preset), source);
  const assigned = settings.map(parseSetting);
  // A fidelity turns all its switches before the single ones are set, wherever it stands among the settings.
  const turned = assigned.flatMap(({ text, patch }) => switchesOf(patch, `--set ${text}`)).reduce(merge, fromFile);
  return assigned.reduce(
    (config, { text, patch }) => parseConfig(merge(config, patch), `--set ${text}`),
    parseConfig(turned, '--set fidelity'),
  );
}

/** The switches of the fidelity that a patch names, if it names one. */
function switchesOf(patch: unknown, source: string): unknown[] {
  const { fidelity } = patch as { fidelity?: unknown };
  return fidelity === undefined ? [] : [lookUp(fidelities, String(fidelity), 'fidelity', source)];
}

function lookUp<Value>(table: Readonly<Record<string, Value>>, name: string, what: string, source: string): Value {
  if (Object.hasOwn(table, name)) return table[name];
  const names = Object.keys(table);
  throw new ConfigError(
    `${source}: there is no ${what} ${name}; did you mean ${closest(name, names)}? (${names.join(', ')})`,
  );
}

function parseSetting(text: string): { text: string; patch: unknown } {
  const [path, ...rest] = text.split('=');
  if (rest.length === 0 || path === '')
    throw new ConfigError(`--set ${text}: expected key=value, such as loss.alpha1=1`);
  const value = parseValue(rest.join('='));
  return { text, patch: path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
