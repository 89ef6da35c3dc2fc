const marker = '<!--hls-->';

/** Leaves in the embed page, as a comment, what loads the part of the player for HLS early: the vault takes it out where it is wanted. */
export function hlsHint() {
  return {
    name: 'hls-hint',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        if (!html.includes(marker)) return html;
        const part = Object.values(bundle).find((one) => one.type === 'chunk' && one.name === 'vault-hls');
        if (!part) throw new Error('The part of the player for HLS is not in the build under its name.');
        const links = [part.fileName, ...part.imports].map((file) => `<link rel="modulepreload" crossorigin href="./${file}">`);
        return html.replace(marker, `<!--hls ${links.join('')} hls-->`);
      },
    },
  };
}
