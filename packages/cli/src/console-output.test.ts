import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { withProgress } from './console-output.ts';

const { isTTY, columns } = process.stderr;

afterEach(() => {
  Object.assign(process.stderr, { isTTY, columns });
});

async function shown(terminal: boolean, work: Parameters<typeof withProgress>[2]): Promise<string> {
  let text = '';
  // The methods of a terminal's stream; without them what is no terminal would have none.
  const moves = { cursorTo: () => true, clearLine: () => true, moveCursor: () => true, clearScreenDown: () => true };
  Object.assign(process.stderr, { isTTY: terminal, columns: 80 }, terminal ? moves : {});
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((part) => {
    text += String(part);
    return true;
  });
  try {
    await withProgress('training', 2, work);
  } finally {
    spy.mockRestore();
  }
  return text;
}

describe('withProgress', () => {
  test('shows a bar with rate and time left on a terminal, no longer than its line', async () => {
    const text = await shown(true, async (progress) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      progress.update(1, `0.50 s/step  loss 2.345 ${'x'.repeat(100)}`);
      progress.say('step 1: a line above');
      await Promise.resolve();
    });
    expect(text).toMatch(/training .* 1\/2 .* left {2}0\.50 s\/step/);
    expect(text).toContain('step 1: a line above\n');
    expect(Math.max(...text.split(/[\n\r]|training/).map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('shows lines alone where there is no terminal', async () => {
    expect(
      await shown(false, async (progress) => {
        progress.update(1, 'half');
        progress.say('a line');
        await Promise.resolve();
      }),
    ).toBe('a line\n');
  });

  test('gives back what the work gives, and its error', async () => {
    expect(await withProgress('a', 1, () => Promise.resolve(7))).toBe(7);
    await expect(withProgress('a', 1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
