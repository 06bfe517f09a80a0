import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { ZSTDDecoder } from 'zstddec';
import { UnreadKind } from '../unread-kind.ts';
import { long, short, tagTable, type TiffTag } from './tag-table.ts';
import type { TiffLayout } from './tiff-layout.ts';

/** Blocks of a plane one below the other, unpacked, with whole bytes per row. */
export interface StackedBlocks {
  readonly bytes: Uint8Array;
  readonly bytesPerRow: number;
  /** Rows of each block; the last strip may have fewer. */
  readonly rows: readonly number[];
}

/**
 * Unpacks the strips or tiles of one plane, byte for byte.
 * @param plane - 0 unless the samples lie in separate planes.
 * @throws Error if the file is cut short or damaged; UnreadKind if its compression is not supported.
 */
export async function unpackBlocks(file: Buffer, layout: TiffLayout, plane: number): Promise<StackedBlocks> {
  const { height, width, blockHeight, blockWidth, tiled, compression, bits } = layout;
  const down = Math.ceil(height / blockHeight);
  const count = down * Math.ceil(width / blockWidth);
  const first = plane * count;
  if (layout.offsets.length < first + count) {
    throw new Error(`it lists ${layout.offsets.length} of ${first + count} blocks`);
  }
  const rows = Array.from({ length: count }, (_, index) =>
    tiled ? blockHeight : Math.min(blockHeight, height - index * blockHeight),
  );
  const bytesPerRow = Math.ceil((blockWidth * (layout.separatePlanes ? 1 : layout.samples) * bits) / 8);
  const packed = rows.map((length, index) => packedBlock(file, layout, first + index, length * bytesPerRow));
  for (const [index, block] of packed.entries()) refuseEmptyPromise(block, rows[index] * bytesPerRow, layout);
  switch (compression.by) {
    case 'none':
      return {
        bytes: stacked(packed.map((block, index) => filled(block, rows[index] * bytesPerRow))),
        bytesPerRow,
        rows,
      };
    case 'zlib':
      return { bytes: stacked(packed.map((block, index) => inflated(block, rows[index] * bytesPerRow))), bytesPerRow, rows }; // prettier-ignore
    case 'zstd':
      return { bytes: stacked(await unzstd(packed, rows, bytesPerRow)), bytesPerRow, rows };
    case 'libtiff':
      return { bytes: await throughLibtiff(packed, rows, bytesPerRow, layout), bytesPerRow, rows };
    default:
      throw new UnreadKind(`is compressed with ${compression.name}, which is not read here`, 'save it with Deflate');
  }
}

/** The most bytes that one packed byte may become, by compression; fax codes have no limit. */
const expansions: Readonly<Record<string, number>> = { Deflate: 1032, Zstandard: 32_768, LZW: 4096, PackBits: 64 };
/** Bytes of headers and tables that are allowed on top. */
const anyBlock = 4096;
/** Blocks of up to this many bytes are unpacked whatever their compression. */
const mostBytes = 2 ** 29;

/** Before memory is taken for it. */
function refuseEmptyPromise(block: Uint8Array, length: number, { compression: { name, by } }: TiffLayout): void {
  const expansion = block.length === 0 ? undefined : expansions[name];
  const most = expansion === undefined ? mostBytes : anyBlock + block.length * expansion;
  if ((by === 'none' && block.length > 0) || length <= most) return;
  throw new Error(`a block of ${block.length} bytes is to become ${length}`);
}

/** A block as it lies in the file. A block of no bytes was never written and stands for zeros. */
function packedBlock(file: Buffer, layout: TiffLayout, index: number, unpackedLength: number): Uint8Array {
  const { offsets, byteCounts, compression, bitsReversed } = layout;
  const at = offsets[index];
  const length = compression.by === 'none' ? unpackedLength : (byteCounts[index] ?? file.length - at);
  if (at === 0 && (byteCounts[index] ?? 0) === 0) return new Uint8Array(0);
  if (at + length > file.length) throw new Error(`it ends after ${file.length} of ${at + length} bytes`);
  const block = file.subarray(at, at + length);
  return bitsReversed ? Uint8Array.from(block, reversed) : block;
}

function reversed(byte: number): number {
  let turned = 0;
  for (let bit = 0; bit < 8; bit++) turned = (turned << 1) | ((byte >> bit) & 1);
  return turned;
}

function stacked(blocks: readonly Uint8Array[]): Uint8Array {
  return blocks.length === 1 ? blocks[0] : Buffer.concat(blocks);
}

function filled(block: Uint8Array, length: number): Uint8Array {
  return block.length === 0 ? new Uint8Array(length) : block;
}

function inflated(block: Uint8Array, length: number): Uint8Array {
  if (block.length === 0) return filled(block, length);
  // Room for what some writers leave behind the last row.
  const bytes = inflateSync(block, { chunkSize: Math.max(64, length + 64), maxOutputLength: length + 65_536 });
  return wholly(bytes, length);
}

async function unzstd(
  blocks: readonly Uint8Array[],
  rows: readonly number[],
  bytesPerRow: number,
): Promise<Uint8Array[]> {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return blocks.map((block, index) => {
    const length = rows[index] * bytesPerRow;
    return block.length === 0 ? filled(block, length) : wholly(decoder.decode(block, length), length);
  });
}

function wholly(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length < length) throw new Error(`a block has ${bytes.length} of ${length} bytes`);
  return bytes.subarray(0, length);
}

/**
 * Lets libtiff unpack what has no library of its own here: the blocks as the strips of a grey picture, one pixel per
 * byte, so that it applies no meaning to them. Fax codes know bits alone, which come as a byte each and are packed again.
 */
async function throughLibtiff(
  blocks: readonly Uint8Array[],
  rows: readonly number[],
  bytesPerRow: number,
  { compressionCode, blockWidth, blockHeight, faxOptions }: TiffLayout,
): Promise<Uint8Array> {
  const bitwise = compressionCode <= 4;
  const height = rows.reduce((sum, count) => sum + count, 0);
  const strips = {
    width: bitwise ? blockWidth : bytesPerRow,
    height,
    bits: bitwise ? 1 : 8,
    rowsPerStrip: blockHeight,
  };
  const { data } = await sharp(stripFile(blocks, { ...strips, compressionCode, faxOptions }), {
    failOn: 'error',
    limitInputPixels: false,
  })
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return bitwise ? packBits(data, blockWidth, bytesPerRow) : wholly(data, height * bytesPerRow);
}

function packBits(pixels: Uint8Array, width: number, bytesPerRow: number): Uint8Array {
  const rows = Math.floor(pixels.length / width);
  const packed = new Uint8Array(rows * bytesPerRow);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) {
      if (pixels[row * width + column] !== 0) packed[row * bytesPerRow + (column >> 3)] |= 0x80 >> (column & 7);
    }
  }
  return packed;
}

interface StripFile {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly rowsPerStrip: number;
  readonly compressionCode: number;
  readonly faxOptions: number;
}

/** A little-endian TIFF of one grey image whose strips are the blocks given. */
function stripFile(blocks: readonly Uint8Array[], strips: StripFile): Buffer {
  const headLength = 8;
  const dataLength = blocks.reduce((sum, { length }) => sum + length, 0);
  const listsAt = headLength + dataLength + (dataLength % 2);
  const lists = Buffer.alloc(blocks.length * 8);
  let blockAt = headLength;
  for (const [index, { length }] of blocks.entries()) {
    lists.writeUInt32LE(blockAt, index * 4);
    lists.writeUInt32LE(length, (blocks.length + index) * 4);
    blockAt += length;
  }
  const one = blocks.length === 1; // a single value stands in the tag itself
  const tags: readonly TiffTag[] = [
    [256, long, 1, strips.width],
    [257, long, 1, strips.height],
    [258, short, 1, strips.bits],
    [259, short, 1, strips.compressionCode],
    [262, short, 1, 1],
    [273, long, blocks.length, one ? headLength : listsAt],
    [277, short, 1, 1],
    [278, long, 1, strips.rowsPerStrip],
    [279, long, blocks.length, one ? dataLength : listsAt + blocks.length * 4],
    ...(strips.compressionCode === 3 ? [[292, long, 1, strips.faxOptions] as const] : []),
  ];
  const tableAt = listsAt + lists.length;
  const head = Buffer.alloc(headLength);
  head.write('II', 0, 'latin1');
  head.writeUInt16LE(42, 2);
  head.writeUInt32LE(tableAt, 4);
  return Buffer.concat([head, ...blocks, Buffer.alloc(dataLength % 2), lists, tagTable(tags)]);
}
