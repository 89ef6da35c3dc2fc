import { css } from 'lit';

/** How the library's page is laid out. */
export const pageStyles = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 0.6rem;
    align-items: center;
    margin-bottom: 0.6rem;
  }
  .search {
    position: relative;
    flex: 1 1 16rem;
    max-width: 36rem;
  }
  .search svg {
    position: absolute;
    left: 0.7rem;
    top: 0.62rem;
    color: var(--soft);
    pointer-events: none;
  }
  .search input:not([type='checkbox'], [type='radio'], [type='file']) {
    padding-inline-start: 2.35rem;
    text-overflow: ellipsis;
  }
  .bar select {
    width: auto;
    flex: 0 1 12rem;
    min-width: 0;
  }
  .bar .order {
    flex-basis: 9.5rem;
  }
  select[disabled] {
    opacity: 0.55;
  }
  .columns {
    display: grid;
    grid-template-columns: 14.5rem minmax(0, 1fr);
    gap: 1.75rem;
    align-items: start;
  }
  list-nav {
    position: sticky;
    top: 4.5rem;
    max-height: calc(100vh - 6rem);
    overflow-y: auto;
  }
  .lead {
    margin: 0 0 0.9rem;
  }
  .head {
    position: sticky;
    top: 3.55rem;
    z-index: 10;
    display: flex;
    align-items: center;
    gap: 0.75rem;
    min-height: 3.1rem;
    margin-bottom: 0.4rem;
    min-width: 0;
    background: var(--page);
  }
  .head h1 {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    min-width: 0;
  }
  .head [role='status'] {
    white-space: nowrap;
  }
  .empty {
    justify-items: center;
    text-align: center;
    padding: 12vh 1rem;
    border: 2px dashed var(--line);
    border-radius: 18px;
  }
  .empty > svg {
    width: 3rem;
    height: 3rem;
    color: var(--soft);
  }
  .empty p {
    max-width: 30rem;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  .end {
    display: grid;
    justify-items: center;
    padding-block: 1.5rem;
    min-height: 4.5rem;
  }
  .ghosts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(15.5rem, 100%), 1fr));
    gap: 1.5rem 1.1rem;
  }
  .ghost {
    aspect-ratio: 16 / 9;
    border-radius: var(--radius);
    background: var(--line);
    opacity: 0.55;
    margin-bottom: 5.25rem;
  }
  .filters {
    display: none;
  }
  @media (max-width: 52rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    .filters {
      display: inline-flex;
    }
    list-nav {
      display: none;
      position: static;
      max-height: none;
      margin-bottom: 0.6rem;
    }
    list-nav.open {
      display: block;
    }
  }
  @media (max-width: 40rem) {
    .search {
      flex-basis: 100%;
      max-width: none;
    }
    .bar select,
    .bar .order {
      flex: 1 1 40%;
    }
  }
`;
