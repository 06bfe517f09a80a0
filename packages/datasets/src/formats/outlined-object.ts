import type { Polygon, Size } from '@pffnet/structures';
import type { AnnotatedLabels } from '../annotations/annotated-labels.ts';
import { LabelDrawing } from '../annotations/label-drawing.ts';
import { liesOutside } from '../annotations/lies-outside.ts';
import { drawPolygon } from './draw-polygon.ts';

/** An object as outlines, and what is known of it. */
export interface OutlinedObject {
  /** Its pieces in image pixels, pixel (y, x) being the square from (x, y) to (x + 1, y + 1). */
  readonly polygons: readonly Polygon[];
  /** It has further pieces of fewer than three points, or is a point or a line: clicks that went astray. */
  readonly strayPieces?: boolean | undefined;
  readonly name?: string | undefined;
  /** The name of its class. */
  readonly classification?: string | undefined;
  /** Numbers by name; those that are not finite are left out of files. */
  readonly measurements?: Readonly<Record<string, number>> | undefined;
}

/**
 * Draws outlines into a label map, ids 1, 2, … in the order given; where objects overlap, the later one lies on top.
 * Objects that leave no pixel leave their ids out and stand in the account.
 * @throws DataError if a corner is no number, an outline is far longer than the image holds, or all objects lie outside
 * the image.
 */
export async function labelsOfOutlines(
  objects: Iterable<OutlinedObject> | AsyncIterable<OutlinedObject>,
  size: Size,
  where: string,
): Promise<AnnotatedLabels> {
  const drawing = new LabelDrawing(size, 'last');
  for await (const { polygons, strayPieces = false } of objects) {
    const outside = polygons.length > 0 && polygons.every((rings) => ringsLieOutside(rings, size));
    const id = drawing.begin(polygons.length === 0 ? 'stray' : outside ? 'outside' : 'thin');
    if (strayPieces) drawing.stray();
    for (const polygon of polygons) drawPolygon(drawing, polygon, `${where}: object ${id}`);
  }
  return drawing.finish((index) => `object ${index + 1}`, where);
}

function ringsLieOutside([outer]: Polygon, size: Size): boolean {
  return liesOutside([outer.flat()], size);
}
