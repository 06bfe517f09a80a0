import type { Size } from '@pffnet/structures';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from '@jest/globals';

/** Where Debian's package `libij-java` puts ImageJ; `PFFNET_IMAGEJ` names another. */
const library = process.env.PFFNET_IMAGEJ ?? '/usr/share/java/ij.jar';
const program = join(import.meta.dirname, 'RewriteSelections.java');
const java = (...args: string[]) =>
  spawnSync('java', ['-Djava.awt.headless=true', '-cp', library, program, ...args], { encoding: 'utf8' });

/** Has ImageJ read a zip of selections, fill each with the number that is its name into a 16-bit TIFF, and write them again. */
export type RewriteSelections = (zip: string, size: Size, written: { tiff: string; zip: string }) => void;

/** Describes promises that ImageJ must confirm; without it or a Java compiler they are skipped, and the title says why. */
export function describeWithImageJ(promises: (rewrite: RewriteSelections) => void): void {
  const found = spawnSync('javap', ['-cp', library, 'ij.io.RoiDecoder']).status === 0;
  if (!found) {
    test.skip('read by ImageJ: there is none (ij.jar, and a Java development kit)', () => {});
    return;
  }
  describe('with ImageJ', () =>
    promises((zip, { height, width }, written) => {
      const { status, stderr } = java(zip, String(width), String(height), written.tiff, written.zip);
      if (status !== 0) throw new Error(stderr);
    }));
}
