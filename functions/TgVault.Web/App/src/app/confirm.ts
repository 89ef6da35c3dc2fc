import { html } from 'lit';
import { ask } from './ask';

/** Asks whether to do what cannot be undone; false where the dialog is closed otherwise. */
export async function confirm(root: DocumentFragment | HTMLElement, title: string, lead: string, yes: string): Promise<boolean> {
  return (await ask(root, { title, content: html`<p class="soft">${lead}</p>`, yes, isDanger: true })) !== undefined;
}
