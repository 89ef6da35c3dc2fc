import { html, render, type TemplateResult } from 'lit';
import { t } from '../texts';

interface Question {
  title: string;
  content: TemplateResult;
  yes: string;
  isDanger?: boolean;
}

/** Asks in a dialog of the given root, which has the app's styles. What was filled in; undefined where it is closed otherwise. */
export function ask(root: DocumentFragment | HTMLElement, question: Question): Promise<FormData | undefined> {
  const place = document.createElement('div');
  root.append(place);
  return new Promise((done) => {
    const close = (event: Event) => {
      const dialog = event.target as HTMLDialogElement;
      const form = dialog.querySelector('form');
      done(dialog.returnValue === 'yes' && form ? new FormData(form) : undefined);
      place.remove();
    };
    render(
      html`<dialog aria-labelledby="question" @close=${close}>
        <form method="dialog" class="stack">
          <h2 id="question">${question.title}</h2>
          ${question.content}
          <div class="row" style="justify-content: end">
            <button value="no" type="button" ?autofocus=${question.isDanger} @click=${cancel}>${t.app.cancel}</button>
            <button value="yes" class="primary ${question.isDanger ? 'danger' : ''}">${question.yes}</button>
          </div>
        </form>
      </dialog>`,
      place,
    );
    place.querySelector('dialog')?.showModal();
  });
}

// Not a submit button: Enter in a field means yes.
function cancel(event: Event): void {
  (event.target as HTMLElement).closest('dialog')?.close('no');
}
