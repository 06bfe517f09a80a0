import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { encodeSafetensors } from '@pffnet/structures/safetensors';
import { DataError } from '@pffnet/structures';
import { assertUnchanged, NO_HASH, writeHash } from './weights-hash.ts';

const content = { tensors: new Map([['a', { shape: [3], data: Int8Array.of(1, -2, 3) }]]) };

async function hashed(): Promise<Uint8Array> {
  // Beside a text that looks like a hash of its own.
  const metadata = { note: `{"sha256":"${'1'.repeat(64)}"}`, sha256: NO_HASH };
  const bytes = encodeSafetensors({ ...content, metadata });
  await writeHash(bytes);
  return bytes;
}

describe('writeHash', () => {
  test('writes the SHA-256 of the file as it was', async () => {
    const blank = encodeSafetensors({ ...content, metadata: { sha256: NO_HASH } });
    const bytes = blank.slice();
    await writeHash(bytes);
    const expected = createHash('sha256').update(blank).digest('hex');
    expect(new TextDecoder().decode(bytes)).toContain(`"sha256":"${expected}"`);
  });

  test('wants a place for it', async () => {
    await expect(writeHash(encodeSafetensors({ ...content, metadata: {} }))).rejects.toThrow('no place for a hash');
  });
});

describe('assertUnchanged', () => {
  test('passes a file as it was written, and one that holds no hash', async () => {
    await assertUnchanged(await hashed(), 'file');
    await assertUnchanged(encodeSafetensors({ ...content, metadata: {} }), 'file');
    await assertUnchanged(new Uint8Array(0), 'file');
  });

  test('notices a change of any byte behind the length of the header', async () => {
    const bytes = await hashed();
    for (let at = 8; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      // Without its key there is no hash to compare: readers ask for one of files that must have it.
      const here = new TextDecoder('latin1').decode(changed).match(/"sha256":"[0-9a-f]{64}"/) !== null;
      if (!here) continue;
      await expect(assertUnchanged(changed, 'file')).rejects.toThrow(DataError);
    }
  });

  test('says so in one line', async () => {
    const bytes = await hashed();
    bytes[bytes.length - 1] = 4;
    await expect(assertUnchanged(bytes, 'm.safetensors')).rejects.toThrow(
      /^m\.safetensors: its content has changed since it was written \(sha256 [0-9a-f]{12}…, expected [0-9a-f]{12}…\); get the file again$/,
    );
  });
});
