/** Numbers of a file in the nearest typed array; 64-bit integers as float64, which is exact up to 2^53. */
export type Samples =
  Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
