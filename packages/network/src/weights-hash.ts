import { DataError } from '@pffnet/structures';

/** What stands for the hash while it is computed. */
export const NO_HASH = '0'.repeat(64);

const LENGTH_BYTES = 8;
const digits = /"sha256":"([0-9a-f]{64})"/;

/**
 * Writes into a safetensors file whose metadata hold `sha256` as {@link NO_HASH} the SHA-256 of the whole file as it is:
 * with these 64 digits as zeros.
 */
export async function writeHash(bytes: Uint8Array): Promise<void> {
  const place = placeOf(bytes);
  if (place === null) throw new Error('writeHash: the metadata have no place for a hash');
  bytes.set(new TextEncoder().encode(await hashOf(bytes)), place.at);
}

/**
 * Checks that a weights file which holds its own hash is as it was written; others hold none, and pass.
 * @param name - the file's name, for messages.
 * @throws DataError if one byte differs.
 */
export async function assertUnchanged(bytes: Uint8Array, name: string): Promise<void> {
  const place = placeOf(bytes);
  if (place === null) return;
  const blank = bytes.slice();
  blank.set(new TextEncoder().encode(NO_HASH), place.at);
  const hash = await hashOf(blank);
  if (hash === place.hash) return;
  throw new DataError(
    `${name}: its content has changed since it was written (sha256 ${short(hash)}, expected ${short(place.hash)}); get the file again`,
  );
}

/** Where in a file its hash stands, and which one; null where there is none. */
function placeOf(bytes: Uint8Array): { readonly at: number; readonly hash: string } | null {
  if (bytes.byteLength < LENGTH_BYTES) return null;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  // One character per byte, so that places in the text are places in the file. Names of tensors hold no digits like these.
  const header = new TextDecoder('latin1').decode(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  const found = digits.exec(header);
  if (found === null) return null;
  return { at: LENGTH_BYTES + found.index + found[0].indexOf(found[1]), hash: found[1] };
}

async function hashOf(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const short = (hash: string): string => `${hash.slice(0, 12)}…`;
