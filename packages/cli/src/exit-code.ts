import { InputError } from '@pffnet/tensor-ops/structures';

/** How the command ends: the contract of docs and scripts. */
export const exitCode = {
  done: 0,
  /** The work failed. */
  failed: 1,
  /** The request or its input is wrong. */
  wrongInput: 2,
  /** Stopped by Ctrl-C after saving. */
  interrupted: 130,
} as const;

/** The code that an error ends with. */
export function codeOf(error: unknown): number {
  return error instanceof InputError ? exitCode.wrongInput : exitCode.failed;
}

/** What a person reads about an error: one line. */
export function lineOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC')
    return `the disk is full while writing ${path ?? 'a file'}; free some space and run again, nothing saved before is lost`;
  if (code === 'EACCES' || code === 'EPERM')
    return `${path ?? 'a file'}: permission denied; choose a folder that you may write to`;
  return error.message.split('\n')[0];
}
