import { css } from 'lit';

/** What every part of the app looks alike in. Colours come from the page. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  [hidden][hidden] {
    display: none;
  }
  h1,
  h2,
  h3 {
    margin: 0;
    line-height: 1.25;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  h1 {
    font-size: 1.5rem;
  }
  h2 {
    font-size: 1.1rem;
  }
  h3 {
    font-size: 0.95rem;
  }
  p {
    margin: 0;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.15em;
  }
  a:focus-visible,
  button:focus-visible,
  summary:focus-visible,
  input:focus-visible,
  select:focus-visible,
  textarea:focus-visible,
  [tabindex]:focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  button,
  .button {
    font: inherit;
    font-weight: 550;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.45rem;
    min-height: 2.5rem;
    padding: 0.35rem 0.9rem;
    border: 1px solid var(--line);
    border-radius: 9px;
    background: var(--raised);
    color: var(--text);
    text-decoration: none;
    cursor: pointer;
  }
  button:hover,
  .button:hover {
    border-color: var(--field);
  }
  button[disabled] {
    opacity: 0.55;
    cursor: default;
  }
  .primary {
    background: var(--accent);
    border-color: transparent;
    color: var(--on-accent);
  }
  .primary:hover {
    filter: brightness(1.07);
  }
  .danger {
    color: var(--danger);
  }
  .danger.primary {
    background: var(--danger);
    color: light-dark(#fff, #1b0806);
  }
  .quiet {
    border-color: transparent;
    background: transparent;
  }
  .quiet:hover {
    background: var(--accent-soft);
    border-color: transparent;
  }
  .icon {
    min-width: 2.5rem;
    padding: 0.35rem;
  }
  svg {
    width: 1.25rem;
    height: 1.25rem;
    flex: none;
  }
  label {
    display: grid;
    gap: 0.25rem;
    font-size: 0.9rem;
    font-weight: 550;
  }
  .check {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    font-weight: 450;
  }
  .check input {
    width: 1.15rem;
    height: 1.15rem;
    accent-color: var(--accent);
    margin: 0;
  }
  .hint {
    font-size: 0.85rem;
    font-weight: 400;
    color: var(--soft);
  }
  input:not([type='checkbox'], [type='radio'], [type='file']),
  select,
  textarea {
    font: inherit;
    font-weight: 400;
    width: 100%;
    min-height: 2.5rem;
    padding: 0.4rem 0.7rem;
    border: 1px solid var(--field);
    border-radius: 9px;
    background: var(--card);
    color: var(--text);
  }
  textarea {
    resize: vertical;
    min-height: 4.5rem;
    line-height: 1.45;
  }
  ::placeholder {
    color: var(--soft);
    opacity: 1;
  }
  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    padding: 1.1rem;
  }
  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.9rem;
    align-content: start;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: center;
  }
  .soft {
    color: var(--soft);
  }
  .small {
    font-size: 0.875rem;
  }
  .error {
    color: var(--danger);
  }
  .numbers {
    font-variant-numeric: tabular-nums;
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
    padding: 0.1rem 0.55rem;
    border-radius: 999px;
    font-size: 0.8rem;
    font-weight: 600;
    background: var(--accent-soft);
    color: var(--accent);
    white-space: nowrap;
  }
  .badge.good {
    background: var(--good-soft);
    color: var(--good);
  }
  .badge.bad {
    background: var(--danger-soft);
    color: var(--danger);
  }
  .badge.wait {
    background: var(--wait-soft);
    color: var(--wait);
  }
  progress {
    appearance: none;
    width: 100%;
    height: 6px;
    border: 0;
    border-radius: 3px;
    overflow: hidden;
    background: var(--line);
    display: block;
  }
  progress::-webkit-progress-bar {
    background: var(--line);
  }
  progress::-webkit-progress-value {
    background: var(--accent);
    border-radius: 3px;
  }
  progress::-moz-progress-bar {
    background: var(--accent);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  dialog {
    border: 1px solid var(--line);
    border-radius: 16px;
    background: var(--card);
    color: var(--text);
    padding: 1.4rem;
    width: min(28rem, calc(100vw - 2rem));
    box-shadow: var(--shadow);
  }
  dialog::backdrop {
    background: rgb(8 10 14 / 0.55);
  }
`;
