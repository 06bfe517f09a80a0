import { createHash } from 'node:crypto';
import type { Pffnet } from '@pffnet/pffnet';

/** A fingerprint of all weights: equal only if every bit is. */
export function bitsOf({ scope }: Pffnet): string {
  const hash = createHash('sha256');
  for (const [path, variable] of scope.variables()) hash.update(path).update(variable.dataSync() as Float32Array);
  return hash.digest('hex');
}
