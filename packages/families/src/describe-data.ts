import type { DataFinding, NetworkConfig } from '@pffnet/network';
import type { Boxes } from '@pffnet/structures';
import { families } from './families.ts';

/**
 * What the families say about the objects of a data set, such as how many of them the anchors can match.
 * @param boxes - [n, 4] around the objects, (y1, x1, y2, x2) in pixels.
 * @param own - a config that is checked together with the presets of its family, under this name.
 * @returns a table per family that has something to say.
 */
export function describeData(
  boxes: Boxes,
  own?: { readonly name: string; readonly config: NetworkConfig },
): DataFinding[] {
  return families.flatMap(({ kind, presets, describeData: describe }) => {
    if (describe === undefined) return [];
    const configs = new Map(Object.entries(presets));
    if (own?.config.kind !== kind) return [describe(boxes, configs)];
    return [describe(boxes, configs.set(own.name, own.config), own.name)];
  });
}
