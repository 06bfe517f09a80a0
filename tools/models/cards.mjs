import { existsSync, readdirSync } from 'node:fs';

const models = new URL('../../packages/models/models/', import.meta.url);

/** The folders of the models that have a card. */
export const cardFolders = readdirSync(models)
  .map((name) => new URL(`${name}/`, models))
  .filter((folder) => existsSync(new URL('card.md', folder)));
