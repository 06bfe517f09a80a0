import { readFileSync } from 'node:fs';
import { decodeSafetensors } from '@pffnet/structures/safetensors';
import { type LabelMap, labelMap } from '@pffnet/structures';

/** A number, `"nan"`, or `"error: <exception>"` where the reference raised. */
export type ReferenceValue = number | string;

/** One pair of label maps with what the references say about it. */
export interface GoldenPair {
  readonly name: string;
  readonly prediction: LabelMap;
  readonly truth: LabelMap;
  /** Values by reference (`hovernet_remapped`, `hovernet_raw`, `authors`, `cvppp`) and key. */
  readonly references: Readonly<Record<string, Readonly<Record<string, ReferenceValue>>>>;
}

const folder = new URL('../../../tools/golden/', import.meta.url);

/** A golden case's JSON file. */
export function goldenJson<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Content;
}

/** The pairs of the golden case `metrics`. */
export function goldenPairs(): GoldenPair[] {
  const { tensors } = decodeSafetensors(readFileSync(new URL('metrics.safetensors', folder)), 'metrics');
  const mapOf = (role: string, index: number): LabelMap => {
    const stored = tensors.get(`${role}_${String(index).padStart(2, '0')}`);
    if (stored === undefined) throw new Error(`golden metrics: there is no ${role} of pair ${index}`);
    return labelMap(stored.shape[0], stored.shape[1], stored.data);
  };
  const { pairs } = goldenJson<{ pairs: ({ index: number; name: string } & Record<string, unknown>)[] }>('metrics');
  return pairs.map(({ index, name, ...rest }) => ({
    name,
    prediction: mapOf('pred', index),
    truth: mapOf('gt', index),
    references: Object.fromEntries(
      Object.entries(rest).filter(([, value]) => typeof value === 'object' && !Array.isArray(value)),
    ) as GoldenPair['references'],
  }));
}
