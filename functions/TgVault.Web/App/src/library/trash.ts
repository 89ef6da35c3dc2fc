import { api } from '../api/client';
import { tell } from '../app/notice';
import { t } from '../texts';
import { lists } from './lists';
import { library } from './store';

/** Videos that are asked for at the same time. */
const atOnce = 8;

let found: Promise<boolean> | undefined;

/** Whether what is deleted can be brought back. Where the vault does not say, one is asked before, as if it could not. */
export function hasTrash(): Promise<boolean> {
  found ??= api.about().then(
    (about) => about.trashDays > 0,
    () => {
      found = undefined;
      return false;
    },
  );
  return found;
}

/** Says that these are in the trash, and brings them back when told. */
export function tellTrashed(ids: string[], words: string): void {
  if (ids.length > 0) tell(words, { words: t.trash.undo, act: () => void restore(ids) });
}

/** Brings videos back from the trash, each for itself. */
export async function restore(ids: string[]): Promise<void> {
  const left = [...ids];
  const problems: string[] = [];
  let count = 0;
  const work = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      try {
        library.take(await api.restore(id));
        count++;
      } catch (problem) {
        problems.push((problem as Error).message);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  tell(problems.length > 0 ? t.edits.refused(count, problems.length, problems[0] ?? '') : t.trash.restored(count));
  lists.outdated();
}
