import { html, nothing, type TemplateResult } from 'lit';
import { api } from '../api/client';
import type { Edit } from '../api/types';
import { ask } from '../app/ask';
import { tell } from '../app/notice';
import { t } from '../texts';
import { lists } from './lists';
import { selection } from './selection';
import { library } from './store';
import { hasTrash, restore, tellTrashed } from './trash';

/** What the vault takes in one request. */
const atOnce = 100;
const mostNames = 5;

type Root = DocumentFragment | HTMLElement;

/** Asks for a folder, and moves what is chosen there. */
export async function move(root: Root): Promise<void> {
  const given = await ask(root, {
    title: t.edits.moveTitle(selection.size),
    content: html`<label
      >${t.video.folder}<input name="folder" maxlength="200" list="all-folders" autofocus aria-describedby="folder-hint" />
      <span id="folder-hint" class="hint">${t.edits.folderHint}</span>
      ${folderList('all-folders')}</label
    >`,
    yes: t.edits.move,
  });
  if (given) await change({ folder: folderOf(given.get('folder')) }, t.edits.moved);
}

/** Asks for tags to add and to take away. */
export async function tag(root: Root): Promise<void> {
  const given = await ask(root, {
    title: t.edits.tagTitle(selection.size),
    content: html`<label
        >${t.edits.addTags}<input name="add" list="all-tags" autofocus aria-describedby="tags-hint" />
        <span id="tags-hint" class="hint">${t.video.tagsHint}</span></label
      >
      <label>${t.edits.removeTags}<input name="remove" list="all-tags" /></label>
      <datalist id="all-tags">${lists.lists.tags.map((one) => html`<option value=${one.name}></option>`)}</datalist>`,
    yes: t.edits.tag,
  });
  if (!given) return;
  const [addTags, removeTags] = [tagsOf(given.get('add')), tagsOf(given.get('remove'))];
  if (addTags.length > 0 || removeTags.length > 0) await change({ addTags, removeTags }, t.edits.tagged);
}

/** Puts what is chosen into the trash. What does not go there, or is there, is erased, after asking by name. */
export async function erase(root: Root): Promise<void> {
  const isInTrash = library.filter.status === 'trashed';
  const isKept = [...selection.chosen.keys()].every((id) => (library.find(id)?.status ?? 'ready') === 'ready');
  if (!isInTrash && isKept && (await hasTrash())) {
    const trashed: string[] = [];
    await each(
      async (ids) => {
        const results = await api.removeMany(ids, false);
        trashed.push(...results.filter((result) => result.status === 200).map((result) => result.id));
        return results;
      },
      (count) => t.trash.moved(count),
      (words) => tellTrashed(trashed, words),
    );
    return;
  }
  const names = [...selection.chosen.values()].filter((name) => name).slice(0, mostNames);
  const given = await ask(root, {
    title: t.edits.deleteTitle(selection.size),
    content: html`<ul class="names">
        ${names.map((name) => html`<li>${name}</li>`)}
        ${selection.size > names.length ? html`<li class="soft">${t.edits.andMore(selection.size - names.length)}</li>` : nothing}
      </ul>
      <p class="soft">${t.edits.deleteLead(selection.size)}</p>`,
    yes: t.edits.deleteConfirm(selection.size),
    isDanger: true,
  });
  if (given) await each((ids) => api.removeMany(ids, true), t.edits.deleted);
}

/** Brings what is chosen back from the trash. */
export async function restoreChosen(): Promise<void> {
  const ids = [...selection.chosen.keys()];
  selection.clear();
  await restore(ids);
}

/** The folders there are, to choose from. */
export const folderList = (id: string): TemplateResult =>
  html`<datalist id=${id}>
    ${lists.lists.folders.filter((folder) => folder.name).map((folder) => html`<option value=${folder.name}></option>`)}
  </datalist>`;

export const folderOf = (text: unknown): string =>
  String(text ?? '')
    .trim()
    .replace(/^\/+|\/+$/g, '');

export const tagsOf = (text: unknown): string[] =>
  String(text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one);

const change = (wanted: { folder?: string; addTags?: string[]; removeTags?: string[] }, done: (count: number) => string) =>
  each((ids) => api.changeMany(ids, wanted), done);

async function each(
  edit: (ids: string[]) => Promise<Edit[]>,
  done: (count: number) => string,
  say: (words: string) => void = tell,
): Promise<void> {
  const ids = [...selection.chosen.keys()];
  const refused: Edit[] = [];
  let count = 0;
  try {
    for (let from = 0; from < ids.length; from += atOnce) {
      if (ids.length > atOnce) tell(t.edits.busy(from, ids.length));
      for (const result of await edit(ids.slice(from, from + atOnce))) {
        if (result.status >= 400 && result.status !== 404) {
          refused.push(result);
          continue;
        }
        count++;
        // What is going, or gone, is in the list no more.
        if (result.status === 200 && result.video) library.take(result.video);
        else library.drop(result.id);
        selection.remove([result.id]);
      }
    }
    say(refused.length > 0 ? t.edits.refused(count, refused.length, refused[0]?.detail ?? '') : done(count));
  } catch (problem) {
    tell((problem as Error).message);
  }
  lists.outdated();
}
