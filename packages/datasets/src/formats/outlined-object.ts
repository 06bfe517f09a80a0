import type { LabelMap, Polygon } from '@pffnet/structures';
import { fillPolygon } from './fill-polygon.ts';

/** An object as outlines, and what is known of it. */
export interface OutlinedObject {
  /** Its pieces in image pixels, pixel (y, x) being the square from (x, y) to (x + 1, y + 1). */
  readonly polygons: readonly Polygon[];
  readonly name?: string | undefined;
  /** The name of its class. */
  readonly classification?: string | undefined;
  /** Numbers by name; those that are not finite are left out of files. */
  readonly measurements?: Readonly<Record<string, number>> | undefined;
}

/**
 * Draws outlines into a label map, ids 1, 2, … in the order given; where objects overlap, the later one lies on top.
 * @throws DataError as {@link fillPolygon} does.
 */
export async function labelsOfOutlines(
  objects: Iterable<OutlinedObject> | AsyncIterable<OutlinedObject>,
  { height, width }: { readonly height: number; readonly width: number },
  where: string,
): Promise<LabelMap> {
  const labels = { height, width, data: new Uint32Array(height * width) };
  let id = 0;
  for await (const { polygons } of objects) {
    id++;
    for (const polygon of polygons) fillPolygon(labels, polygon, id, `${where}: object ${id}`);
  }
  return labels;
}
