import { describe, expect, test } from '@jest/globals';
import { surveyBackends } from '@pffnet/backends';
import { version } from '../src/version.ts';
import { pffnet, refusal } from './run-pffnet.ts';

const commands = ['demo', 'data', 'train', 'predict', 'click', 'evaluate', 'ablate', 'report', 'bench', 'doctor'];

describe('help', () => {
  test('names every command, an example of each step, and the exit codes', async () => {
    const { code, out, said } = await pffnet('--help');
    expect([code, said]).toEqual([0, []]);
    for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(out).toContain('pffnet train --config small --data cells --out run');
    expect(out).toContain('130 interrupted after saving');
  });

  test.each([...commands.filter((command) => command !== 'data'), 'data check', 'data preview', 'data convert'])(
    'of %s is complete',
    async (command) => {
      const compute = !/^(data|evaluate|doctor|ablate|report)/.test(command);
      const { code, out } = await pffnet(...command.split(' '), '--help');
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`^Usage: pffnet ${command} .*\\S$`, 'm'));
      expect(out).toContain('--debug');
      if (compute) expect(out).toMatch(/--backend <name>[^]*--seed <n>/);
    },
  );

  test('is what a call without a command gets, as an error', async () => {
    const { code, out, said } = await pffnet();
    expect([code, out, said[0]]).toEqual([2, '', 'Usage: pffnet [options] [command]']);
  });

  test('shows what a command cannot do without', async () => {
    expect((await pffnet('help', 'predict')).out).toContain(
      'Usage: pffnet predict --model <name|run|file> --out <dir> [options] <image|dir...>',
    );
  });

  test('has a version', async () => {
    expect(await pffnet('--version')).toEqual({ code: 0, out: `${version}\n`, said: [] });
  });
});

describe('a wrong call', () => {
  test.each([
    [['trian'], "pffnet: unknown command 'trian' (did you mean train?)"],
    [['train', '--conifg', 'small'], "pffnet: unknown option '--conifg' (did you mean --config?)"],
    [['--debg'], "pffnet: unknown option '--debg'"],
    [['train'], 'pffnet: train needs --config <preset|file>, --data <dir>, --out <run>; see pffnet train --help'],
    [['train', '--config', 'small', '--data', 'x'], 'pffnet: train needs --out <run>; see pffnet train --help'],
    [['evaluate', '--pred', 'a'], 'pffnet: evaluate needs --truth <dir>; see pffnet evaluate --help'],
    [['predict', '--model', 'a', '--out', 'b'], "pffnet: missing required argument 'image|dir'"],
    [['predict', 'a.png'], 'pffnet: predict needs --model <name|run|file>, --out <dir>; see pffnet predict --help'],
    [['demo', 'more'], "pffnet: too many arguments for 'demo'. Expected 0 arguments but got 1."],
    [
      ['bench', 'smal'],
      "pffnet: command-argument value 'smal' is invalid for argument 'presets'. Allowed choices are smoke, small, paper.",
    ],
    [
      ['bench', '--steps', '0'],
      "pffnet: option '--steps <n>' argument '0' is invalid. Expected a whole number of at least 1.",
    ],
    [
      ['demo', '--seed', '1e3'],
      "pffnet: option '--seed <n>' argument '1e3' is invalid. Expected a whole number of at least 0.",
    ],
    [
      ['demo', '--backend', 'gpu'],
      "pffnet: option '--backend <name>' argument 'gpu' is invalid. Allowed choices are auto, node-gpu, webgpu, onednn, wasm, cpu.",
    ],
    [
      ['evaluate', '--pred', 'a', '--truth', 'b', '--json', '--csv'],
      "pffnet: option '--json <file>' argument '--csv' is invalid. Expected a file, or - for standard output.",
    ],
  ])('%j is refused in one line', async (args, line) => {
    expect(await refusal(...args)).toEqual([2, line]);
  });

  test('shows a stack trace only with --debug, before or after the command', async () => {
    const wrong = ['evaluate', '--pred', 'nowhere', '--truth', 'nowhere'];
    expect(await refusal(...wrong)).toEqual([2, 'pffnet: there is no folder nowhere; check the path']);
    for (const args of [
      [...wrong, '--debug'],
      ['--debug', ...wrong],
    ]) {
      const { code, said } = await pffnet(...args);
      expect(code).toBe(2);
      expect(said[0]).toBe('pffnet: there is no folder nowhere; check the path');
      expect(said.slice(1).join('\n')).toMatch(/^DataError: there is no folder nowhere.*\n {4}at /);
    }
  });
});

describe('an engine that does not load', () => {
  test('is refused with the reason and the remedy', async () => {
    for (const { name, reason, remedy } of (await surveyBackends()).filter(({ available }) => !available)) {
      const [code, line, ...more] = await refusal('demo', '--backend', name, '--out', '/nowhere/demo');
      expect([code, more]).toEqual([2, []]);
      expect(line).toMatch(new RegExp(`^pffnet: backend ${name}`));
      expect(line).toContain(reason);
      expect(line).toContain(remedy);
    }
  });
});

describe('doctor', () => {
  test('says of every engine whether it loads, why not, and how to get it', async () => {
    const { code, out, said } = await pffnet('doctor');
    expect([code, said]).toEqual([0, []]);
    // Which one is chosen depends on the machine; these two load everywhere, and exactly one is chosen.
    expect(out).toMatch(/^[* ] wasm +loads/m);
    expect(out.match(/^\* \S+ +loads/gm)).toHaveLength(1);
    expect(out).toMatch(/^ {2}cpu +loads/m);
    for (const { name, reason, remedy } of (await surveyBackends()).filter(({ available }) => !available)) {
      expect(out.replace(/ +/g, ' ')).toContain(` ${name} does not ${reason.trim()}\n to get it: ${remedy}\n`);
    }
  });

  test('prints JSON for programs', async () => {
    const { code, out, said } = await pffnet('doctor', '--json');
    expect([code, said]).toEqual([0, []]);
    const reports = JSON.parse(out) as { name: string; available: boolean; chosen: boolean }[];
    expect(reports.map(({ name }) => name)).toEqual(['node-gpu', 'webgpu', 'onednn', 'wasm', 'cpu']);
    expect(reports.filter(({ chosen }) => chosen)).toHaveLength(1);
    expect(reports.find(({ name }) => name === 'cpu')).toMatchObject({ available: true });
  });
});
