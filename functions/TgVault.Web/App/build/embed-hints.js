const hls = '<!--hls-->';
const player = '<!--player-->';

/**
 * Has the embed page fetch early what its script asks for later: the player; and, as a comment that the vault takes out where it is
 * wanted, the part of the player for HLS.
 */
export function embedHints() {
  return {
    name: 'embed-hints',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        if (!html.includes(hls)) return html;
        return html.replace(player, linksTo('page', bundle)).replace(hls, `<!--hls ${linksTo('vault-hls', bundle)} hls-->`);
      },
    },
  };
}

function linksTo(name, bundle) {
  const part = Object.values(bundle).find((one) => one.type === 'chunk' && one.name === name);
  if (!part) throw new Error(`${name} is not in the build under its name.`);
  return [part.fileName, ...part.imports].map((file) => `<link rel="modulepreload" crossorigin href="./${file}">`).join('');
}
