import bundle from 'redoc/bundles/redoc.standalone.js?url';

/** What the bundle leaves on the page. */
declare const Redoc: { init(spec: string, options: object, element: HTMLElement, done: (problem?: unknown) => void): void };

const isDark = matchMedia('(prefers-color-scheme: dark)').matches;

const colours = isDark
  ? { page: '#111418', side: '#161a20', text: '#e6e9ee', soft: '#a3acb9', accent: '#8ab4ff', line: '#2a313b', code: '#1c2129' }
  : { page: '#ffffff', side: '#f6f7f9', text: '#1b1f24', soft: '#4c5561', accent: '#1f5fd0', line: '#d9dee5', code: '#f1f3f6' };

/** https://redocly.com/docs/redoc/v2.x/config: what is not said here is as Redoc has it. */
const options = {
  disableSearch: false,
  hideDownloadButton: true,
  expandResponses: '200,201,202',
  jsonSamplesExpandLevel: 3,
  sortRequiredPropsFirst: true,
  scrollYOffset: 0,
  theme: {
    colors: {
      primary: { main: colours.accent },
      text: { primary: colours.text, secondary: colours.soft },
      border: { dark: colours.line, light: colours.line },
      http: { get: '#1f7a4d', post: '#1f5fd0', put: '#8a5a00', patch: '#8a5a00', delete: '#b3261e', head: '#5b6470' },
    },
    schema: { nestedBackground: colours.code, typeNameColor: colours.soft, typeTitleColor: colours.soft, linesColor: colours.line },
    sidebar: { backgroundColor: colours.side, textColor: colours.text, activeTextColor: colours.accent },
    rightPanel: { backgroundColor: '#161a20', textColor: '#e6e9ee' },
    typography: {
      fontFamily: 'system-ui, sans-serif',
      fontSize: '15px',
      headings: { fontFamily: 'system-ui, sans-serif', fontWeight: '600' },
      code: { fontFamily: 'ui-monospace, monospace', color: colours.text, backgroundColor: colours.code },
      links: { color: colours.accent, visited: colours.accent, hover: colours.accent },
    },
  },
};

function show(): void {
  const place = document.getElementById('reference');
  if (!place) return;
  document.body.style.background = colours.page;
  // Redoc would take it as relative to the page's own address.
  Redoc.init(new URL('api/openapi.json', document.baseURI).href, options, place, (problem) => {
    if (problem) place.textContent = 'The description could not be shown. It is at api/openapi.json.';
  });
}

const script = document.createElement('script');
script.src = bundle;
script.addEventListener('load', show);
document.head.append(script);
