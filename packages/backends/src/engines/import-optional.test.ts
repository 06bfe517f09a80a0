import { describe, expect, test } from '@jest/globals';
import { importOptional } from './import-optional.ts';

describe('importOptional', () => {
  test('gives the package that is there', async () => {
    expect(await importOptional('node:os')).toHaveProperty('cpus');
  });

  test('says in one line that a package is not installed', async () => {
    await expect(importOptional('@pffnet/not-there')).rejects.toThrow('the package @pffnet/not-there is not installed');
  });
});
