import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { commandLine } from './call.ts';

describe('commandLine', () => {
  test('quotes only what a shell would take apart', () => {
    expect(commandLine(['train', '--set', 'loss.alpha1=1', '--out', 'my runs', '--fold', "a'b"])).toBe(
      `pffnet train --set loss.alpha1=1 --out 'my runs' --fold 'a'\\''b'`,
    );
  });

  test('gives a shell the same words', () => {
    const words = ['a b', `it's`, '$HOME', '"q"', 'x*', '', '{"kind":"none"}', '#', '~'];
    const line = commandLine(words).replace(/^pffnet/, 'printf "%s\\n"');
    expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).toBe(`${words.join('\n')}\n`);
  });
});
