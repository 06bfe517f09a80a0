/** What a command knows of the call that it answers. */
export interface Call {
  /** The words after `pffnet`. */
  readonly args: readonly string[];
  /** Says how the command ended: one of `exitCode`. */
  finish(code: number): void;
}

/** The call as a person can type it again: words that a shell would take apart are quoted. */
export function commandLine(args: readonly string[]): string {
  return ['pffnet', ...args].map(quoted).join(' ');
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
