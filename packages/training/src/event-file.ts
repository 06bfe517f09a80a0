import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFailure } from '@pffnet/datasets';

/**
 * Scalars in TensorBoard's event format: one TFRecord per event, `Event { wall_time = 1; step = 2; file_version = 3;
 * summary = 5 }`, `Summary { value = 1 { tag = 1; simple_value = 2 } }`.
 * @remarks Source: tensorflow/core/util/event.proto and the TFRecord framing (length, masked CRC-32C of the length, data,
 * masked CRC-32C of the data).
 */
export class EventFile {
  readonly #path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Starts a new file in a folder; TensorBoard reads all files of a folder as one run. */
  static async create(folder: string): Promise<EventFile> {
    const now = Date.now();
    const path = join(folder, `events.out.tfevents.${Math.floor(now / 1000)}.pffnet.${process.pid}`);
    const events = new EventFile(path, await open(path, 'a'));
    try {
      await events.#append(concat([doubleField(1, now / 1000), bytesField(3, utf8('brain.Event:2'))]));
    } catch (error) {
      await events.close();
      throw error;
    }
    return events;
  }

  /** Appends values of one step. */
  async scalars(step: number, values: Readonly<Record<string, number>>): Promise<void> {
    const summary = Object.entries(values).map(([tag, value]) =>
      bytesField(1, concat([bytesField(1, utf8(tag)), floatField(2, value)])),
    );
    await this.#append(
      concat([doubleField(1, Date.now() / 1000), varintField(2, step), bytesField(5, concat(summary))]),
    );
  }

  async #append(event: Uint8Array): Promise<void> {
    try {
      await this.#file.appendFile(record(event));
    } catch (error) {
      throw writeFailure(this.#path, error);
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const concat = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

function varint(value: number): Uint8Array {
  const bytes = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}

const varintField = (field: number, value: number): Uint8Array => concat([varint(field << 3), varint(value)]);

const bytesField = (field: number, bytes: Uint8Array): Uint8Array =>
  concat([varint((field << 3) | 2), varint(bytes.length), bytes]);

function doubleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concat([varint((field << 3) | 1), bytes]);
}

function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([varint((field << 3) | 5), bytes]);
}

function record(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return concat([length, maskedChecksum(length), data, maskedChecksum(data)]);
}

function maskedChecksum(bytes: Uint8Array): Uint8Array {
  const crc = crc32c(bytes);
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, masked, true);
  return out;
}

/** CRC-32C (Castagnoli, reflected polynomial 0x82f63b78). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
