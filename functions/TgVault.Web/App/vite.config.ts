import { defineConfig } from 'vite';
import { compressed } from './build/compressed.js';
import { embedHints } from './build/embed-hints.js';

// Addresses stay relative: the pages' base element says where the vault lies.
export default defineConfig({
  base: './',
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    // Everything is a file of its own: the policy of the pages takes no inline script.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { input: ['index.html', 'embed.html', 'reference.html'] },
  },
  plugins: [embedHints(), compressed()],
});
