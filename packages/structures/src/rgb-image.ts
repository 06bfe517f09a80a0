/** The pixels of a colour image: red, green, blue interleaved, row-major, 0..255 whatever the depth of its file. */
export interface RgbPixels {
  readonly height: number;
  readonly width: number;
  /** [height * width * 3], 0..255; bytes, a quarter of the memory, where whole numbers say it all. */
  readonly data: Float32Array | Uint8Array | Uint8ClampedArray;
}

/** A colour image to compute with. */
export interface RgbImage extends RgbPixels {
  /** [height * width * 3], 0..255. */
  readonly data: Float32Array;
}
