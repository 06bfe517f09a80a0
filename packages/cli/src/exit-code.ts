import { types } from 'node:util';
import { InputError } from '@pffnet/structures';

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

/** What a person reads about an error, one line, and the code that it ends with. */
export interface Explanation {
  readonly line: string;
  readonly code: number;
}

/** Explains whatever was thrown. */
export function explain(error: unknown): Explanation {
  if (error instanceof InputError) return { line: error.message, code: exitCode.wrongInput };
  if (!types.isNativeError(error)) return { line: oneLine(String(error)), code: exitCode.failed };
  return explainFileError(error) ?? { line: oneLine(error.message) || error.name, code: exitCode.failed };
}

/** What the file system refuses where no reader or writer of ours has said it better, such as making a folder. */
function explainFileError({ code, path = 'a file' }: NodeJS.ErrnoException): Explanation | undefined {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        line: `cannot write ${path}: the disk is full; what was saved before is unchanged; free some space and run again`,
        code: exitCode.failed,
      };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return { line: `${path}: permission denied; choose a path that you may use`, code: exitCode.wrongInput };
    case 'EEXIST':
    case 'ENOTDIR':
      return { line: `${path}: a file is where a folder should be; choose another path`, code: exitCode.wrongInput };
    case 'EISDIR':
      return { line: `${path}: a folder is where a file should be; choose another path`, code: exitCode.wrongInput };
    case 'ENOENT':
      return { line: `${path}: there is no such file or folder; check the path`, code: exitCode.wrongInput };
    default:
      return undefined;
  }
}

const oneLine = (message: string): string => message.split('\n')[0];
