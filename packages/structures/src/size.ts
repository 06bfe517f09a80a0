/** Extent of an image or a map, in rows and columns. */
export interface Size {
  readonly height: number;
  readonly width: number;
}
