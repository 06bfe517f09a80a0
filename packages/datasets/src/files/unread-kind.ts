/** A sound file of a kind that is not read here. The message goes on after the file's name, such as `holds …`. */
export class UnreadKind extends Error {
  /** What to do about it. */
  readonly mend: string;

  constructor(message: string, mend: string) {
    super(message);
    this.mend = mend;
  }
}
