import { jest } from '@jest/globals';
import { main } from '../src/index.ts';

/** What a call left behind. */
export interface CallResult {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Lines of standard error that are not empty. */
  readonly said: readonly string[];
}

/** Runs the command in this process and catches what it prints. */
export function pffnet(...args: string[]): Promise<CallResult> {
  return run(args, () => undefined);
}

/** Runs the command and presses Ctrl-C, once, when it has said something. */
export function interrupted(when: RegExp, ...args: string[]): Promise<CallResult> {
  let pressed = false;
  return run(args, (text) => {
    if (pressed || !when.test(text)) return;
    pressed = true;
    process.emit('SIGINT');
  });
}

async function run(args: readonly string[], onSaid: (text: string) => void): Promise<CallResult> {
  let [out, err] = ['', ''];
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    }),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      err += String(text);
      onSaid(String(text));
      return true;
    }),
  ];
  try {
    const code = await main(args);
    return { code, out, said: err.split('\n').filter((line) => line !== '') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** What a refused call says: the whole of it must be one line. */
export async function refusal(...args: string[]): Promise<[code: number, ...said: string[]]> {
  const { code, out, said } = await pffnet(...args);
  return [code, ...(out === '' ? [] : [`standard output: ${out}`]), ...said];
}
