import { html, svg, type TemplateResult } from 'lit';

/** Outlines on a grid of 24; decoration only, words stand beside or in a label. */
const icon = (path: string): TemplateResult =>
  html`<svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${svg`<path d=${path} />`}
  </svg>`;

export const icons = {
  logo: html`<svg viewBox="0 0 64 64" aria-hidden="true">
    <rect width="64" height="64" rx="15" fill="#2b6ef2" />
    <path d="M32 11 50 17v15c0 11-7.600 18.200-18 22-10.400-3.800-18-11-18-22V17z" fill="#fff" />
    <path d="M27 23.500v17l14-8.500z" fill="#2b6ef2" />
  </svg>`,
  upload: icon('M12 16V4m0 0L7 9m5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3'),
  search: icon('m20 20-4.200-4.200M17 10.500a6.500 6.500 0 1 1-13 0 6.500 6.500 0 0 1 13 0Z'),
  settings: icon('M4 7h10m4 0h2M4 17h2m4 0h10M16 5v4M8 15v4'),
  signOut: icon('M9 4H5a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h4m6-12 4 4-4 4m4-4H9'),
  folder: icon('M3 7a1 1 0 0 1 1-1h5l2 2h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z'),
  tag: icon('M4 4h8l8 8-8 8-8-8zM8.500 8.500h.01'),
  film: icon('M4 5h16v14H4zM4 9h3m-3 6h3m10-6h3m-3 6h3M8 5v14m8-14v14'),
  sound: icon('M9 18V6l11-2v12M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0Zm11-2a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0Z'),
  file: icon('M6 3h8l4 4v14H6zM14 3v4h4'),
  close: icon('m6 6 12 12M18 6 6 18'),
  pause: icon('M9 5v14m6-14v14'),
  play: icon('M8 5v14l11-7z'),
  retry: icon('M4 12a8 8 0 1 1 2.500 5.800M4 12V7m0 5h5'),
  back: icon('m14 6-6 6 6 6'),
  copy: icon('M9 9h11v11H9zM5 15H4V4h11v1'),
  link: icon('M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1-1'),
  trash: icon('M5 7h14M10 7V4h4v3m-7 0 1 13h8l1-13'),
  restore: icon('M4 9h10a5 5 0 0 1 0 10H8M8 5 4 9l4 4'),
  download: icon('M12 4v12m0 0-5-5m5 5 5-5M4 20h16'),
  pencil: icon('m4 20 1-4L16 5l3 3L8 19zM13.500 7.500l3 3'),
  check: icon('m5 12.500 4.500 4.500L19 7.500'),
  warning: icon('M12 4 2.500 20h19zM12 10v4m0 3h.01'),
  filter: icon('M4 6h16M7 12h10m-7 6h4'),
  down: icon('m6 9 6 6 6-6'),
};
