import { html, render } from 'lit';
import { t } from '../texts';

/** Asks in a dialog of the given root, which has the app's styles; false where it is closed otherwise. */
export function confirm(root: DocumentFragment | HTMLElement, title: string, lead: string, yes: string): Promise<boolean> {
  const place = document.createElement('div');
  root.append(place);
  return new Promise((done) => {
    const close = (event: Event) => {
      done((event.target as HTMLDialogElement).returnValue === 'yes');
      place.remove();
    };
    render(
      html`<dialog aria-labelledby="question" aria-describedby="lead" @close=${close}>
        <form method="dialog" class="stack">
          <h2 id="question">${title}</h2>
          <p id="lead" class="soft">${lead}</p>
          <div class="row" style="justify-content: end">
            <button value="no" autofocus>${t.app.cancel}</button>
            <button value="yes" class="primary danger">${yes}</button>
          </div>
        </form>
      </dialog>`,
      place,
    );
    place.querySelector('dialog')?.showModal();
  });
}
