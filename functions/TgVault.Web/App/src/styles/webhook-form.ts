import { css } from 'lit';

/** What the fields of a webhook look like, of a new one and of one that there is. */
export const webhookForm = css`
  form {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    align-items: end;
  }
  form > label:not(.check) {
    flex: 1 1 14rem;
  }
  form > label.check {
    flex: 1 1 100%;
  }
  fieldset {
    flex: 1 1 100%;
    border: 0;
    margin: 0;
    padding: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 0.35rem 1rem;
    font-size: 0.9rem;
  }
  legend {
    font-weight: 550;
    padding: 0 0 0.25rem;
  }
`;
