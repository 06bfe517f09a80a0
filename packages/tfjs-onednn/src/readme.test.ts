import { readFileSync } from 'node:fs';
import { expect, jest, test } from '@jest/globals';
import { matMul, memory, ones, setBackend, tidy } from '@tensorflow/tfjs-core';
import { describeNative } from '../test/both-backends.ts';

const EXAMPLE = [
  `await setBackend('onednn');`,
  `const { version, threads } = about();`,
  `const [corner] = tidy(() => matMul(ones([64, 48]), ones([48, 10])).dataSync());`,
  'console.log(`oneDNN ${version}, ${threads} threads: ${corner}, ${memory().numTensors} tensors left`);',
].join('\n');

describeNative('README', () => {
  test('its example runs', async () => {
    expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(EXAMPLE);
    const { about } = await import('./index.ts');
    const console = { log: jest.fn() };
    await setBackend('onednn');
    const { version, threads } = about();
    const [corner] = tidy(() => matMul(ones([64, 48]), ones([48, 10])).dataSync());
    console.log(`oneDNN ${version}, ${threads} threads: ${corner}, ${memory().numTensors} tensors left`);
    expect(console.log).toHaveBeenCalledWith(`oneDNN ${version}, ${threads} threads: 48, 0 tensors left`);
  });
});
