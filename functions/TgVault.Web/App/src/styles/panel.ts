import { css } from 'lit';

/** What panels with a list and a form for more of its kind look alike in. */
export const panel = css`
  form {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    align-items: end;
  }
  form > label {
    flex: 1 1 9rem;
  }
  ul {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.15rem 0.5rem;
    align-items: center;
    padding-block: 0.5rem;
  }
  li + li {
    border-top: 1px solid var(--line);
  }
  .name {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .about {
    grid-column: 1;
    overflow-wrap: anywhere;
  }
`;
