/** A closed line of (x, y) corners in image pixels: the last repeats the first. Pixel (y, x) covers [x, x + 1) x [y, y + 1). */
export type Ring = [x: number, y: number][];

/** One connected piece of an object: its outer ring first, then its holes. */
export type Polygon = Ring[];

/** The outline of one object. */
export interface Contour {
  /** Its id in the label map. */
  readonly id: number;
  /** Its pieces. */
  readonly polygons: Polygon[];
}
