import type { Network } from '@pffnet/network';

/** Sorts parameters by the beginnings of their paths. */
export const groupsOf = (trainable: Network['trainable'], parts: readonly string[]): Network['groups'] =>
  new Map(parts.map((part) => [part, [...trainable.keys()].filter((path) => path.startsWith(part))]));
