import { someNames } from '../nearest-name.ts';
import type { AnnotationAccount, LossReason } from './annotated-labels.ts';

/** What became of the objects of one image. */
export interface ImageAccount {
  /** The image's name. */
  readonly image: string;
  readonly account: AnnotationAccount;
}

const words: Readonly<Record<LossReason, string>> = {
  thin: 'too thin to hold the centre of a pixel',
  covered: 'covered by others',
  outside: 'outside the image',
  stray: 'of fewer than three points',
  empty: 'with an empty mask',
  crowd: 'marked as a crowd',
  erased: 'taken away by negative regions',
};

/**
 * Says in one line how many objects of annotations are not in the label maps, why, and which: the first few of each kind.
 * @returns undefined if all are there, and complete.
 */
export function lossesLine(images: readonly ImageAccount[]): string | undefined {
  const lost = images.flatMap(({ image, account }) =>
    account.lost.map(({ name, reason }) => ({ reason, name: `${name} of ${image}` })),
  );
  const strays = images.flatMap(({ image, account }) => account.strayPieces.map((name) => `${name} of ${image}`));
  const parts: string[] = [];
  if (lost.length > 0) {
    const named = images.reduce((sum, { account }) => sum + account.named, 0);
    const reasons = (Object.keys(words) as LossReason[]).flatMap((reason) => {
      const names = lost.filter((object) => object.reason === reason).map(({ name }) => name);
      return names.length === 0 ? [] : [`${names.length} ${words[reason]} (${someNames(names)})`];
    });
    parts.push(`${lost.length} of ${named} annotated objects left no pixel: ${reasons.join(', ')}`);
  }
  if (strays.length > 0) {
    const have = strays.length === 1 ? 'object has' : 'objects have';
    parts.push(`${strays.length} ${have} pieces of fewer than three points, which were ignored (${someNames(strays)})`);
  }
  return parts.length === 0 ? undefined : parts.join('; ');
}
