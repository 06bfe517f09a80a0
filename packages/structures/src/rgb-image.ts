/** A colour image: red, green, blue interleaved, row-major, 0..255 whatever the depth of its file. */
export interface RgbImage {
  readonly height: number;
  readonly width: number;
  /** [height * width * 3], 0..255. */
  readonly data: Float32Array;
}
