import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { withProgress } from './console-output.ts';

const { isTTY, columns } = process.stderr;

afterEach(() => {
  Object.assign(process.stderr, { isTTY, columns });
});

async function shown(
  terminal: boolean,
  work: Parameters<typeof withProgress>[2],
  total = 2,
  every?: number,
): Promise<string> {
  let text = '';
  // The methods of a terminal's stream; without them what is no terminal would have none.
  const moves = { cursorTo: () => true, clearLine: () => true, moveCursor: () => true, clearScreenDown: () => true };
  Object.assign(process.stderr, { isTTY: terminal, columns: 80 }, terminal ? moves : {});
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((part) => {
    text += String(part);
    return true;
  });
  try {
    await withProgress('training', total, work, every);
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

  test('without a terminal says a line every so many updates, with the time left by the pace so far', async () => {
    let milliseconds = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => milliseconds);
    const text = await shown(
      false,
      async (progress) => {
        for (let step = 1; step <= 120; step++) {
          milliseconds += step === 1 ? 9000 : 1000;
          progress.update(step, `step ${step}`);
        }
        await Promise.resolve();
      },
      120,
      50,
    );
    clock.mockRestore();
    expect(text.split('\n')).toEqual([
      'training 1 of 120: step 1',
      'training 50 of 120, about 1 min left: step 50',
      'training 100 of 120, about 20 s left: step 100',
      '',
    ]);
  });

  test('without a terminal is silent for a minute at most, as it was for hours', async () => {
    let milliseconds = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => milliseconds);
    const text = await shown(
      false,
      async (progress) => {
        for (let image = 1; image <= 10; image++) {
          milliseconds += 25_000;
          progress.update(image, 'image');
        }
        await Promise.resolve();
      },
      10,
    );
    clock.mockRestore();
    expect(text.split('\n')).toEqual([
      'training 3 of 10, about 3 min left: image',
      'training 6 of 10, about 2 min left: image',
      'training 9 of 10, about 25 s left: image',
      '',
    ]);
  });

  test('gives back what the work gives, and its error', async () => {
    expect(await withProgress('a', 1, () => Promise.resolve(7))).toBe(7);
    await expect(withProgress('a', 1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
