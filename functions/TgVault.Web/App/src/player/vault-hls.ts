import { Hls, HlsVideoElement } from 'hls-video-element';

/** HLS by hls.js, with what ends it told as any media element tells it. Loaded only where a video has something to switch. */
class VaultHls extends HlsVideoElement {
  override async load(): Promise<void> {
    await super.load();
    this.api?.on(Hls.Events.ERROR, (_: string, problem: { fatal: boolean; type: string }) => {
      if (!problem.fatal) return;
      // A picture that does not decode is often mended by feeding it anew; the second time it is not.
      if (problem.type === Hls.ErrorTypes.MEDIA_ERROR && !this.wasMended) {
        this.wasMended = true;
        this.api?.recoverMediaError();
        return;
      }
      this.dispatchEvent(new CustomEvent('error', { detail: problem }));
    });
  }

  private wasMended = false;
}

if (!customElements.get('vault-hls')) customElements.define('vault-hls', VaultHls);
