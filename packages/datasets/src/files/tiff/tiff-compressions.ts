/** How the pixels of a TIFF file are packed, and what that means here. */
export interface TiffCompression {
  readonly name: string;
  /**
   * Who unpacks it: `none` is not packed, `libtiff` is unpacked byte for byte by sharp's libtiff, `picture` is unpacked
   * by it into a picture only, `unknown` is not supported.
   */
  readonly by: 'none' | 'zlib' | 'zstd' | 'libtiff' | 'picture' | 'unknown';
  /** Values may not be what was saved. */
  readonly lossy: boolean;
}

const unpacked = (name: string, by: TiffCompression['by']): TiffCompression => ({ name, by, lossy: false });
const withLoss = (name: string, by: 'picture' | 'unknown'): TiffCompression => ({ name, by, lossy: true });

/** By the number of tag 259. */
const compressions: ReadonlyMap<number, TiffCompression> = new Map([
  [1, unpacked('none', 'none')],
  [2, unpacked('CCITT run lengths', 'libtiff')],
  [3, unpacked('CCITT Group 3', 'libtiff')],
  [4, unpacked('CCITT Group 4', 'libtiff')],
  [5, unpacked('LZW', 'libtiff')],
  [6, withLoss('JPEG of the old kind', 'picture')],
  [7, withLoss('JPEG', 'picture')],
  [8, unpacked('Deflate', 'zlib')],
  [32946, unpacked('Deflate', 'zlib')],
  [32773, unpacked('PackBits', 'libtiff')],
  [32809, unpacked('ThunderScan', 'unknown')],
  [33003, withLoss('JPEG 2000', 'unknown')],
  [33004, withLoss('JPEG 2000', 'unknown')],
  [33005, withLoss('JPEG 2000', 'unknown')],
  [33007, withLoss('JPEG', 'unknown')],
  [34676, withLoss('SGI LogLuv', 'unknown')],
  [34677, withLoss('SGI LogLuv', 'unknown')],
  [34712, withLoss('JPEG 2000', 'unknown')],
  [34887, withLoss('LERC', 'unknown')],
  [34892, withLoss('JPEG', 'unknown')],
  [34925, unpacked('LZMA', 'unknown')],
  [34926, unpacked('Zstandard', 'zstd')],
  [34927, withLoss('WebP', 'unknown')],
  [34933, unpacked('PNG', 'unknown')],
  [34934, withLoss('JPEG XR', 'unknown')],
  [22610, withLoss('JPEG XR', 'unknown')],
  [50000, unpacked('Zstandard', 'zstd')],
  [50001, withLoss('WebP', 'unknown')],
  [50002, withLoss('JPEG XL', 'unknown')],
  [52546, withLoss('JPEG XL', 'unknown')],
]);

/** What a compression is, by the number of tag 259. */
export function tiffCompression(code: number): TiffCompression {
  return compressions.get(code) ?? unpacked(`a compression of number ${code}`, 'unknown');
}
